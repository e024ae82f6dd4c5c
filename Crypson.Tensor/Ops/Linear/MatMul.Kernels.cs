using Crypson.Kernels;

namespace Crypson;

/// <summary>Matrix products on devices.</summary>
internal static partial class MatMulKernels
{
    /// <summary>The side of the square that a group computes, one element per work-item.</summary>
    public const int Tile = 16;

    /// <summary>Tiles of a and b go through shared memory, so that each element is read from the device's memory once per tile.</summary>
    [Kernel]
    internal static void MatMul(
        ArrayView<float> a, int aRow, int aColumn, ArrayView<float> b, int bRow, int bColumn, ArrayView<float> y, ArrayView<float> bias, bool hasBias,
        int m, int n, int k)
    {
        var tileA = SharedMemory.Allocate<float>(Tile * Tile);
        var tileB = SharedMemory.Allocate<float>(Tile * Tile);
        var x = Group.IdxX;
        var z = Group.IdxY;
        var row = Grid.IdxY * Tile + z;
        var column = Grid.IdxX * Tile + x;
        var startA = (long)Grid.IdxZ * m * k;
        var startB = (long)Grid.IdxZ * k * n;
        var sum = 0f;
        for (var start = 0; start < k; start += Tile)
        {
            tileA[z * Tile + x] = row < m && start + x < k ? a[startA + row * aRow + (start + x) * aColumn] : 0f;
            tileB[z * Tile + x] = start + z < k && column < n ? b[startB + (start + z) * bRow + column * bColumn] : 0f;
            Group.Barrier();
            Loop.Unroll();
            for (var i = 0; i < Tile; i++)
            {
                sum = MathF.FusedMultiplyAdd(tileA[z * Tile + i], tileB[i * Tile + x], sum);
            }

            Group.Barrier();
        }

        if (row < m && column < n)
        {
            y[(long)Grid.IdxZ * m * n + row * n + column] = hasBias ? sum + bias[column] : sum;
        }
    }
}
