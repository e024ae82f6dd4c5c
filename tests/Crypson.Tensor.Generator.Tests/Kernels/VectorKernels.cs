namespace Crypson.Tests.Kernels;

/// <summary>Vectors of sixteen floats in each place that a number may have.</summary>
internal static partial class VectorKernels
{
    public const int Results = 4 * Float32x16.Count;

    private struct Weighted
    {
        public Float32x16 Values;
        public float Weight;
    }

    [Kernel(Targets = KernelTargets.OpenCl)]
    internal static void Vectors(Index1D i, ArrayView<float> x, ArrayView<float> y)
    {
        var result = y.SubView(i * Results, Results);
        var rows = LocalMemory.Allocate<Float32x16>(2);
        var numbers = LocalMemory.Allocate<float>(2 * Float32x16.Count);
        rows[0] = Float32x16.Load(x, i + 1);
        rows[1] = Scale(rows[0], x[i]);
        rows[1].Store(result, 0);

        // A vector over parts of two others, at a position that the same expression changes.
        rows[0].Store(numbers, 0);
        rows[1].Store(numbers, Float32x16.Count);
        var at = 4;
        Float32x16.FusedMultiplyAdd(Float32x16.Load(numbers, at++), Float32x16.Load(numbers, at++), Float32x16.Broadcast(at)).Store(result, at + 10);

        var weighted = new Weighted { Weight = 0.3f };
        weighted.Values = x[i] > 0f ? rows[0] : default;
        weighted.Values = Scale(weighted.Values, weighted.Weight);
        weighted.Values.Store(result, 2 * Float32x16.Count);
        var sum = Float32x16.Broadcast(0f);
        for (var j = 0; j < 3; j++)
        {
            sum = Float32x16.FusedMultiplyAdd(rows[j % 2], weighted.Values, sum);
        }

        sum.Store(result, 3 * Float32x16.Count);
    }

    private static Float32x16 Scale(Float32x16 value, float factor) => Float32x16.FusedMultiplyAdd(value, Float32x16.Broadcast(factor), Float32x16.Broadcast(1f));
}
