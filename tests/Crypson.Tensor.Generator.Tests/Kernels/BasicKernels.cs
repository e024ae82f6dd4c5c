namespace Crypson.Tests.Kernels;

/// <summary>Small kernels of each shape.</summary>
internal static partial class BasicKernels
{
    public const int Tile = 16;

    [Kernel]
    internal static void Scale(Index1D i, ArrayView<float> x, ArrayView<float> y, float factor) => y[i] = factor * x[i];

    [Kernel]
    internal static void Transpose(Index2D position, ArrayView<int> source, ArrayView<int> result, int width, int height) =>
        result[position.X * height + position.Y] = source[position.Y * width + position.X];

    [Kernel]
    internal static void Cube(Index3D p, ArrayView<int> result, int width, int height) =>
        result[(p.Z * height + p.Y) * width + p.X] = p.X + 100 * p.Y + 10000 * p.Z;

    /// <summary>Each group adds up its stretch in a tree: the order does not depend on who is first.</summary>
    [Kernel]
    internal static void GroupSums(ArrayView<float> x, ArrayView<float> sums, int count)
    {
        var partial = SharedMemory.Allocate<float>(64);
        var lane = Group.IdxX;
        var position = Grid.GlobalIndex.X;
        partial[lane] = position < count ? x[position] : 0f;
        Group.Barrier();
        for (var step = Group.DimX / 2; step > 0; step /= 2)
        {
            if (lane < step)
            {
                partial[lane] += partial[lane + step];
            }

            Group.Barrier();
        }

        if (lane == 0)
        {
            sums[Grid.IdxX] = partial[0];
        }
    }

    /// <summary>c = a b for square tiles in shared memory.</summary>
    [Kernel]
    internal static void MatMul(ArrayView<float> a, ArrayView<float> b, ArrayView<float> c, int m, int n, int k)
    {
        var tileA = SharedMemory.Allocate<float>(Tile * Tile);
        var tileB = SharedMemory.Allocate<float>(Tile * Tile);
        var (x, y) = (Group.IdxX, Group.IdxY);
        var row = Grid.IdxY * Tile + y;
        var column = Grid.IdxX * Tile + x;
        var sum = 0f;
        for (var start = 0; start < k; start += Tile)
        {
            tileA[y * Tile + x] = row < m && start + x < k ? a[row * k + start + x] : 0f;
            tileB[y * Tile + x] = start + y < k && column < n ? b[(start + y) * n + column] : 0f;
            Group.Barrier();
            Loop.Unroll();
            for (var i = 0; i < Tile; i++)
            {
                sum = MathF.FusedMultiplyAdd(tileA[y * Tile + i], tileB[i * Tile + x], sum);
            }

            Group.Barrier();
        }

        if (row < m && column < n)
        {
            c[row * n + column] = sum;
        }
    }

    [Kernel]
    internal static void Histogram(Index1D i, ArrayView<int> values, ArrayView<int> bins, ArrayView<uint> extremes, ArrayView<float> total)
    {
        Atomic.Add(ref bins[values[i] % 8], 1);
        Atomic.Max(ref extremes[0], (uint)values[i]);
        Atomic.Min(ref extremes[1], (uint)values[i]);
        Atomic.Add(ref total[0], values[i]);
    }
}
