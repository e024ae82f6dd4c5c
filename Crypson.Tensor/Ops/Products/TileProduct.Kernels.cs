using Crypson.Kernels;

namespace Crypson;

/// <summary>
/// Products on GPUs: a group computes a square of 64 x 64 elements, each work-item 4 x 4 of them in registers, from slices
/// of both operands in shared memory, which it reads four floats at a time.
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

    // From one row of a slice to the next: a multiple of four floats that sends work-items which load along the depth to different banks.
    private const int Stride = Tile + 4;

    /// <summary>
    /// The grid is columns x rows of squares x (batch, or parts of the depth when <paramref name="partDepth"/> is less than
    /// the depth).
    /// </summary>
    /// <param name="foursA">Read four elements of a at once, along the axis that <see cref="ProductOperand.ReadsAlongDepth"/> tells.</param>
    /// <param name="foursB">The same for b.</param>
    /// <param name="foursY">Write four columns at once.</param>
    /// <param name="bias">Read only when there is one.</param>
    [Kernel]
    internal static void MultiplyTiles(
        Product p, int partDepth, bool foursA, bool foursB, bool foursY, ArrayView<float> a, ArrayView<float> b, ArrayView<float> bias, ArrayView<float> y)
    {
        var left = SharedMemory.Allocate<float>(Slice * Stride);
        var right = SharedMemory.Allocate<float>(Slice * Stride);
        var depthA = SharedMemory.Allocate<ProductPlace>(Slice);
        var depthB = SharedMemory.Allocate<ProductPlace>(Slice);
        var linesA = LocalMemory.Allocate<ProductPlace>(Own);
        var linesB = LocalMemory.Allocate<ProductPlace>(Own);
        var sums = LocalMemory.Allocate<Float32x4>(Own);
        var item = Group.IdxY * Side + Group.IdxX;
        Loop.Unroll();
        for (var i = 0; i < Own; i++)
        {
            linesA[i] = p.A.Lines.At(Grid.IdxY * Tile + Line(p.A, foursA, item, i));
            linesB[i] = p.B.Lines.At(Grid.IdxX * Tile + Line(p.B, foursB, item, i));
            sums[i] = Float32x4.Broadcast(0f);
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
            LoadSlice(p.A, foursA, sourceA, linesA, depthA, p.M - Grid.IdxY * Tile, stop - start, item, left);
            LoadSlice(p.B, foursB, sourceB, linesB, depthB, p.N - Grid.IdxX * Tile, stop - start, item, right);
            Group.Barrier();
            Loop.Unroll();
            for (var k = 0; k < Slice; k++)
            {
                var rows = Float32x4.Load(left, k * Stride + Group.IdxY * Own);
                var columns = Float32x4.Load(right, k * Stride + Group.IdxX * Own);
                sums[0] = Float32x4.FusedMultiplyAdd(Float32x4.Broadcast(rows.X), columns, sums[0]);
                sums[1] = Float32x4.FusedMultiplyAdd(Float32x4.Broadcast(rows.Y), columns, sums[1]);
                sums[2] = Float32x4.FusedMultiplyAdd(Float32x4.Broadcast(rows.Z), columns, sums[2]);
                sums[3] = Float32x4.FusedMultiplyAdd(Float32x4.Broadcast(rows.W), columns, sums[3]);
            }
        }

        var result = y.SubView((long)Grid.IdxZ * p.Y.BatchStep);
        var column = Grid.IdxX * Tile + Group.IdxX * Own;
        Loop.Unroll();
        for (var i = 0; i < Own; i++)
        {
            Write(p, foursY, Grid.IdxY * Tile + Group.IdxY * Own + i, column, sums[i], bias, result);
        }
    }

    // Four neighbours of a row of the result.
    private static void Write(Product p, bool fours, int row, int column, Float32x4 sums, ArrayView<float> bias, ArrayView<float> result)
    {
        if (fours && row < p.M && column < p.N)
        {
            Float32x4.Create(
                sums.X + Shift(p, row, column, bias), sums.Y + Shift(p, row, column + 1, bias),
                sums.Z + Shift(p, row, column + 2, bias), sums.W + Shift(p, row, column + 3, bias)).Store(result, p.Y.Offset(p.Y.Lines.At(row), p.Y.Depth.At(column)));
        }
        else if (!fours)
        {
            Write(p, row, column, sums.X, bias, result);
            Write(p, row, column + 1, sums.Y, bias, result);
            Write(p, row, column + 2, sums.Z, bias, result);
            Write(p, row, column + 3, sums.W, bias, result);
        }
    }

    private static void Write(Product p, int row, int column, float sum, ArrayView<float> bias, ArrayView<float> result)
    {
        if (row < p.M && column < p.N)
        {
            result[p.Y.Offset(p.Y.Lines.At(row), p.Y.Depth.At(column))] = sum + Shift(p, row, column, bias);
        }
    }

    private static float Shift(Product p, int row, int column, ArrayView<float> bias) =>
        p.Bias switch { ProductBias.Rows => bias[row], ProductBias.Columns => bias[column], _ => 0f };

    // Element i that a work-item loads of each slice, or the first of its four: the line and the depth. Neighbours read along the
    // axis that has the longer runs in memory.
    private static int Line(ProductOperand operand, bool fours, int item, int i) => operand.ReadsAlongDepth
        ? fours ? item / (Slice / Own) : item / Slice + i * (Side * Side / Slice)
        : fours ? item % (Tile / Own) * Own : item % Tile;

    private static int Depth(ProductOperand operand, bool fours, int item, int i) => operand.ReadsAlongDepth
        ? fours ? item % (Slice / Own) * Own : item % Slice
        : fours ? item / (Tile / Own) : item / Tile + i * (Side * Side / Tile);

    // slice [16, 64] of an operand; what is behind its end is 0.
    private static void LoadSlice(
        ProductOperand operand, bool fours, ArrayView<float> source, ArrayView<ProductPlace> lines, ArrayView<ProductPlace> depth, int lineCount,
        int depthCount, int item, ArrayView<float> slice)
    {
        if (fours)
        {
            var line = Line(operand, fours, item, 0);
            var k = Depth(operand, fours, item, 0);
            var four = line < lineCount && k < depthCount ? operand.ReadFour(source, lines[0], depth[k]) : Float32x4.Broadcast(0f);
            if (operand.ReadsAlongDepth)
            {
                slice[k * Stride + line] = four.X;
                slice[(k + 1) * Stride + line] = four.Y;
                slice[(k + 2) * Stride + line] = four.Z;
                slice[(k + 3) * Stride + line] = four.W;
            }
            else
            {
                four.Store(slice, k * Stride + line);
            }
        }
        else
        {
            Loop.Unroll();
            for (var i = 0; i < Own; i++)
            {
                var line = Line(operand, fours, item, i);
                var k = Depth(operand, fours, item, i);
                slice[k * Stride + line] = line < lineCount && k < depthCount ? operand.Read(source, lines[i], depth[k]) : 0f;
            }
        }
    }
}
