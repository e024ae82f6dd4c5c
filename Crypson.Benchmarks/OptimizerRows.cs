using Crypson.Models;
using Crypson.Nn;

namespace Crypson.Benchmarks;

/// <summary>Adam over each network of the GAN, and the copy that memory allows; each beside a naive loop.</summary>
internal static class OptimizerRows
{
    private const int CopyCount = 16 << 20;
    private const int Classes = 47;
    private const double LearningRate = 2e-4;
    private const double Beta1 = 0.5;
    private const double Beta2 = 0.999;
    private const double Eps = 1e-8;

    // Parameters of the paper's networks.
    private const int DiscriminatorCount = 11_064_321;
    private const int GeneratorCount = 3_152_576;

    public static IEnumerable<BenchmarkRow> All(IReadOnlyList<Device> devices)
    {
        foreach (var row in Adam(devices, "D", DiscriminatorCount, () => new Discriminator(Classes, new Philox(1))))
        {
            yield return row with { IsTypical = true };
        }

        foreach (var row in Adam(devices, "G", GeneratorCount, () => new Generator(Classes, new Philox(1))))
        {
            yield return row;
        }

        foreach (var device in devices)
        {
            yield return new BenchmarkRow("op/copy[64MiB f32]", device.Name, 0, 8.0 * CopyCount, () => Copy(device)) { IsTypical = true };
        }

        yield return new BenchmarkRow("op/copy[64MiB f32]", "naive", 0, 8.0 * CopyCount, NaiveCopy) { IsTypical = true };
    }

    // Seven passes over memory: parameter and both moments are read and written, the gradient is read.
    private static IEnumerable<BenchmarkRow> Adam(IReadOnlyList<Device> devices, string name, int count, Func<Module> create)
    {
        foreach (var device in devices)
        {
            yield return new BenchmarkRow($"op/Adam[{name} {count} params]", device.Name, 0, 7.0 * sizeof(float) * count, () => Ours(name, count, create(), device));
        }

        yield return new BenchmarkRow($"op/Adam[{name} {count} params]", "naive", 0, 7.0 * sizeof(float) * count, () => Naive(count));
    }

    private static BenchmarkWork Ours(string name, int count, Module module, Device device)
    {
        if (module.ParameterCount != count)
        {
            throw new InvalidOperationException($"{name} has {module.ParameterCount} parameters instead of {count}");
        }

        module.To(device);
        var parameters = module.NamedParameters().ToList();
        var seed = 2UL;
        foreach (var (_, value) in parameters)
        {
            value.ZeroGrad();
            (value * Samples.Uniform(value.Shape, seed++, device)).Sum().Backward();
        }

        var adam = new Adam(parameters, LearningRate, Beta1, Beta2, Eps);
        return new BenchmarkWork(adam.Step, () =>
        {
            var before = parameters.ConvertAll(parameter => parameter.Value.ToArray());
            new Adam(parameters, LearningRate, Beta1, Beta2, Eps).Step();
            return parameters.Select((parameter, i) => FirstStep(parameter.Name, before[i], parameter.Value.Grad!.ToArray(), parameter.Value.ToArray()));
        }, device);
    }

    private static BenchmarkWork Naive(int count)
    {
        var (parameter, gradient) = (Samples.Uniform([count], 1).ToArray(), Samples.Uniform([count], 2).ToArray());
        var (first, second) = (new float[count], new float[count]);
        var step = 0;
        return new BenchmarkWork(Run, () =>
        {
            Array.Clear(first);
            Array.Clear(second);
            step = 0;
            var before = parameter.ToArray();
            Run();
            return [FirstStep("adam", before, gradient, parameter)];
        });

        void Run()
        {
            step++;
            var (correction1, correction2) = ((float)(1 - Math.Pow(Beta1, step)), (float)(1 - Math.Pow(Beta2, step)));
            for (var i = 0; i < parameter.Length; i++)
            {
                first[i] = ((float)Beta1 * first[i]) + ((float)(1 - Beta1) * gradient[i]);
                second[i] = ((float)Beta2 * second[i]) + ((float)(1 - Beta2) * gradient[i] * gradient[i]);
                parameter[i] -= (float)LearningRate * (first[i] / correction1) / (MathF.Sqrt(second[i] / correction2) + (float)Eps);
            }
        }
    }

    // The first step moves every parameter by the learning rate, against the sign of its gradient.
    private static BenchmarkCheck FirstStep(string name, float[] before, float[] gradient, float[] after) => new(
        $"adam: {name}", after, i => (before[i] - (LearningRate * gradient[i] / (Math.Abs(gradient[i]) + Eps)), Math.Abs(before[i]) + LearningRate));

    private static BenchmarkWork Copy(Device device)
    {
        var (from, to) = (Samples.Uniform([CopyCount], 1, device), Tensor.Zeros([CopyCount], device).Persist());
        return new BenchmarkWork(Run, () =>
        {
            Run();
            var expected = from.ToArray();
            return [new BenchmarkCheck("copy", to.ToArray(), element => (expected[element], 0))];
        }, device);

        void Run()
        {
            using var noGrad = Tensor.NoGrad();
            to.CopyFrom(from);
        }
    }

    private static BenchmarkWork NaiveCopy()
    {
        var (from, to) = (Samples.Uniform([CopyCount], 1).ToArray(), new float[CopyCount]);
        return new BenchmarkWork(Run, () =>
        {
            Run();
            return [new BenchmarkCheck("copy", to, element => (from[element], 0))];
        });

        void Run()
        {
            for (var i = 0; i < to.Length; i++)
            {
                to[i] = from[i];
            }
        }
    }
}
