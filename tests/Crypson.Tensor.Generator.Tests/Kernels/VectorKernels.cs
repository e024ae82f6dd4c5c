namespace Crypson.Tests.Kernels;

/// <summary>Vectors of floats in each place that a number may have.</summary>
internal static partial class VectorKernels
{
    public const int Results = 4 * Float32x16.Count;
    public const int FourResults = 8 * Float32x4.Count;

    internal struct Four
    {
        public float Weight;
        public Float32x4 Values;
    }

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

    /// <summary>Groups of 8; x is 4 longer than there are work-items.</summary>
    [Kernel]
    internal static void VectorsOfFour(Four scale, ArrayView<float> x, ArrayView<Float32x4> whole, ArrayView<float> y)
    {
        var i = Grid.GlobalIndex.X;
        var shared = SharedMemory.Allocate<float>(8 * Float32x4.Count + 4);
        var bytes = LocalMemory.Allocate<byte>(3);
        var numbers = LocalMemory.Allocate<float>(2 * Float32x4.Count);
        var rows = LocalMemory.Allocate<Float32x4>(2);
        bytes[2] = (byte)i;
        var result = y.SubView(i * FourResults, FourResults);
        rows[0] = Float32x4.Load(x, i / 4 * 4);
        rows[1] = Scale(rows[0], x[i]);
        rows[1].Store(result, 0);

        // Each work-item reads what another has written.
        rows[1].Store(shared, Group.IdxX * Float32x4.Count + 4);
        Group.Barrier();
        Float32x4.Load(shared, (Group.IdxX + 1) % 8 * Float32x4.Count + 4).Store(result, 4);

        // Lanes; a vector in a struct; one that a condition chooses; an array of floats read as vectors at a position that the same expression changes.
        Float32x4.Create(rows[1].W, Float32x4.Load(x, 4).X + rows[1].Y, -rows[0].Z, bytes[2]).Store(result, 8);
        var four = new Four { Weight = scale.Weight };
        four.Values = x[i] > 0f ? rows[0] : default;
        Float32x4.FusedMultiplyAdd(four.Values, scale.Values, Float32x4.Broadcast(four.Weight)).Store(result, 12);
        rows[0].Store(numbers, 0);
        rows[1].Store(numbers, Float32x4.Count);
        var at = 0;
        Float32x4.FusedMultiplyAdd(Float32x4.Load(numbers, at), Float32x4.Load(numbers, at += 4), Float32x4.Broadcast(at++)).Store(result, 4 * at - 4);
        numbers[5] = 7f;
        Float32x4.Load(numbers, 4).Store(result, 20);
        whole[i].Store(result, 24);
        whole[i] = rows[1];
        var sum = Float32x4.Broadcast(0f);
        for (var j = 0; j < 3; j++)
        {
            sum = Float32x4.FusedMultiplyAdd(rows[j % 2], four.Values, sum);
        }

        sum.Store(result, 28);
    }

    private static Float32x4 Scale(Float32x4 value, float factor) => Float32x4.FusedMultiplyAdd(value, Float32x4.Broadcast(factor), Float32x4.Broadcast(1f));

    private static Float32x16 Scale(Float32x16 value, float factor) => Float32x16.FusedMultiplyAdd(value, Float32x16.Broadcast(factor), Float32x16.Broadcast(1f));
}
