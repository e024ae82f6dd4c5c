using Crypson.Models;
using Crypson.Nn;

namespace Crypson.Benchmarks;

/// <summary>Adam over each network of the GAN, and the copy that memory allows.</summary>
internal static class OptimizerRows
{
    private const int CopyCount = 16 << 20;
    private const int Classes = 47;

    public static IEnumerable<BenchmarkRow> All()
    {
        yield return Adam("D", new Discriminator(Classes, new Philox(1)), true);
        yield return Adam("G", new Generator(Classes, new Philox(1)), false);
        yield return new BenchmarkRow("op/copy[64MiB f32]", "cpu", 0, 8.0 * CopyCount, () =>
        {
            var (from, to) = (Samples.Uniform([CopyCount], 1), Tensor.Zeros([CopyCount]).Persist());
            return new BenchmarkWork(Copy, () =>
            {
                Copy();
                Samples.Check("copy", to.ToArray(), element => (from.ToArray()[element], 0));
            });

            void Copy()
            {
                using var noGrad = Tensor.NoGrad();
                to.CopyFrom(from);
            }
        });
    }

    // Seven passes over memory: parameter and both moments are read and written, the gradient is read.
    private static BenchmarkRow Adam(string name, Module module, bool typical)
    {
        var count = module.ParameterCount;
        return new BenchmarkRow($"op/Adam[{name} {count} params]", "cpu", 0, 7.0 * 4 * count, () =>
        {
            var parameters = module.NamedParameters().ToList();
            var seed = 2UL;
            foreach (var (_, value) in parameters)
            {
                value.ZeroGrad();
                (value * Samples.Uniform(value.Shape, seed++)).Sum().Backward();
            }

            var adam = new Adam(parameters, 2e-4, 0.5);
            return new BenchmarkWork(adam.Step, () =>
            {
                var (before, slope) = (parameters[0].Value.ToArray(), parameters[0].Value.Grad!.ToArray());
                adam.Step();

                // The first step moves every parameter by the learning rate, against the sign of its gradient.
                Samples.Check("Adam", parameters[0].Value.ToArray(), i => (before[i] - (2e-4 * slope[i] / (Math.Abs(slope[i]) + 1e-8)), 1));
            });
        })
        {
            IsTypical = typical,
        };
    }
}
