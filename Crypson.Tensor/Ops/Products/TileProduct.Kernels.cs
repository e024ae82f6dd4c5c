using Crypson.Kernels;

namespace Crypson;

/// <summary>
/// Products on GPUs: a group computes a square of 64 x 64 elements, each work-item 4 x 4 of them in registers, from slices
/// of both operands in shared memory.
/// </summary>
internal static partial class TileProductKernels
{
    /// <summary>The side of a group's square.</summary>
    public const int Tile = 64;

    /// <summary>Work-items on each axis of a group.</summary>
    public const int Side = 16;

    // Depth of a slice, and elements on each axis of a work-item's square.
    private const int Slice = 16;
    private const int Own = Tile / Side;

    /// <summary>
    /// The grid is columns x rows of squares x (batch, or parts of the depth when <paramref name="partDepth"/> is less than
    /// the depth).
    /// </summary>
    /// <param name="bias">Read only when there is one.</param>
    [Kernel]
    internal static void MultiplyTiles(Product p, int partDepth, ArrayView<float> a, ArrayView<float> b, ArrayView<float> bias, ArrayView<float> y)
    {
        var left = SharedMemory.Allocate<float>(Slice * Tile);
        var right = SharedMemory.Allocate<float>(Slice * Tile);
        var item = Group.IdxY * Side + Group.IdxX;
        var sums = LocalMemory.Allocate<float>(Own * Own);
        Loop.Unroll();
        for (var i = 0; i < Own * Own; i++)
        {
            sums[i] = 0f;
        }

        var isPart = partDepth < p.K;
        var sourceA = a.SubView((long)Grid.IdxZ * p.A.BatchStep);
        var sourceB = b.SubView((long)Grid.IdxZ * p.B.BatchStep);
        var first = isPart ? Grid.IdxZ * partDepth : 0;
        var stop = isPart ? Math.Min(p.K, first + partDepth) : p.K;
        for (var start = first; start < stop; start += Slice)
        {
            LoadSlice(p.A, sourceA, Grid.IdxY * Tile, p.M, start, stop, item, left);
            LoadSlice(p.B, sourceB, Grid.IdxX * Tile, p.N, start, stop, item, right);
            Group.Barrier();
            Loop.Unroll();
            for (var k = 0; k < Slice; k++)
            {
                Loop.Unroll();
                for (var i = 0; i < Own; i++)
                {
                    Loop.Unroll();
                    for (var j = 0; j < Own; j++)
                    {
                        sums[i * Own + j] = MathF.FusedMultiplyAdd(
                            left[k * Tile + Group.IdxY * Own + i], right[k * Tile + Group.IdxX + j * Side], sums[i * Own + j]);
                    }
                }
            }

            Group.Barrier();
        }

        var result = y.SubView((long)Grid.IdxZ * p.Y.BatchStep);
        for (var i = 0; i < Own; i++)
        {
            var row = Grid.IdxY * Tile + Group.IdxY * Own + i;
            for (var j = 0; j < Own; j++)
            {
                var column = Grid.IdxX * Tile + Group.IdxX + j * Side;
                if (row < p.M && column < p.N)
                {
                    var shift = p.Bias switch { ProductBias.Rows => bias[row], ProductBias.Columns => bias[column], _ => 0f };
                    result[p.Y.Offset(p.Y.Lines.At(row), p.Y.Depth.At(column))] = sums[i * Own + j] + shift;
                }
            }
        }
    }

    // slice [16, 64] of an operand; what is behind its end is 0. Work-items next to each other read along the axis that is
    // contiguous in memory.
    private static void LoadSlice(ProductOperand operand, ArrayView<float> source, int firstLine, int lines, int start, int stop, int item, ArrayView<float> slice)
    {
        var alongDepth = operand.DepthIsContiguous;
        Loop.Unroll();
        for (var i = 0; i < Slice * Tile / (Side * Side); i++)
        {
            var line = alongDepth ? item / Slice + i * (Side * Side / Slice) : item % Tile;
            var k = alongDepth ? item % Slice : item / Tile + i * (Side * Side / Tile);
            slice[k * Tile + line] = firstLine + line < lines && start + k < stop
                ? operand.Read(source, operand.Lines.At(firstLine + line), operand.Depth.At(start + k))
                : 0f;
        }
    }
}
