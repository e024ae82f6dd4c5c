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

    // Depth of a slice; elements on each axis of a work-item's square, and of a slice that it loads.
    private const int Slice = 16;
    private const int Own = Tile / Side;

    // From one row of a slice to the next: work-items that load along the depth then write to different banks.
    private const int Stride = Tile + 4;

    /// <summary>
    /// The grid is columns x rows of squares x (batch, or parts of the depth when <paramref name="partDepth"/> is less than
    /// the depth).
    /// </summary>
    /// <param name="bias">Read only when there is one.</param>
    [Kernel]
    internal static void MultiplyTiles(Product p, int partDepth, ArrayView<float> a, ArrayView<float> b, ArrayView<float> bias, ArrayView<float> y)
    {
        var left = SharedMemory.Allocate<float>(Slice * Stride);
        var right = SharedMemory.Allocate<float>(Slice * Stride);
        var depthA = SharedMemory.Allocate<ProductPlace>(Slice);
        var depthB = SharedMemory.Allocate<ProductPlace>(Slice);
        var linesA = LocalMemory.Allocate<ProductPlace>(Own);
        var linesB = LocalMemory.Allocate<ProductPlace>(Own);
        var sums = LocalMemory.Allocate<float>(Own * Own);
        var item = Group.IdxY * Side + Group.IdxX;
        Loop.Unroll();
        for (var i = 0; i < Own; i++)
        {
            linesA[i] = p.A.Lines.At(Grid.IdxY * Tile + Line(p.A, item, i));
            linesB[i] = p.B.Lines.At(Grid.IdxX * Tile + Line(p.B, item, i));
        }

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
            // Places along the depth are found once per group: the divisions would cost as much as the sums.
            if (item < Slice)
            {
                depthA[item] = p.A.Depth.At(start + item);
                depthB[item] = p.B.Depth.At(start + item);
            }

            Group.Barrier();
            LoadSlice(p.A, sourceA, linesA, depthA, p.M - Grid.IdxY * Tile, stop - start, item, left);
            LoadSlice(p.B, sourceB, linesB, depthB, p.N - Grid.IdxX * Tile, stop - start, item, right);
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
                            left[k * Stride + Group.IdxY * Own + i], right[k * Stride + Group.IdxX + j * Side], sums[i * Own + j]);
                    }
                }
            }
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

    // Element i that a work-item loads of each slice: its line and its depth. Neighbours read along the axis that has the
    // longer runs in memory.
    private static int Line(ProductOperand operand, int item, int i) => operand.ReadsAlongDepth ? item / Slice + i * (Side * Side / Slice) : item % Tile;

    private static int Depth(ProductOperand operand, int item, int i) => operand.ReadsAlongDepth ? item % Slice : item / Tile + i * (Side * Side / Tile);

    // slice [16, 64] of an operand; what is behind its end is 0.
    private static void LoadSlice(
        ProductOperand operand, ArrayView<float> source, ArrayView<ProductPlace> lines, ArrayView<ProductPlace> depth, int lineCount, int depthCount,
        int item, ArrayView<float> slice)
    {
        Loop.Unroll();
        for (var i = 0; i < Own; i++)
        {
            var line = Line(operand, item, i);
            var k = Depth(operand, item, i);
            slice[k * Stride + line] = line < lineCount && k < depthCount ? operand.Read(source, lines[i], depth[k]) : 0f;
        }
    }
}
