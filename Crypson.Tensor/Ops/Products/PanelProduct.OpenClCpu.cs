using Crypson.Kernels;

namespace Crypson;

/// <summary>
/// Products on OpenCL devices that are CPUs. Both operands are packed into panels, which lie in memory as the inner loop
/// reads them (Goto and van de Geijn 2008); a work-item computes a block of one column panel in vectors of 16 floats, with
/// no barrier. Groups have one work-item.
/// </summary>
internal static partial class PanelProductKernels
{
    /// <summary>Lines of a panel of the left operand: rows that the inner loop holds in registers.</summary>
    public const int RowWidth = 6;

    /// <summary>Lines of a panel of the right operand: four vectors.</summary>
    public const int ColumnWidth = Vectors * Float32x16.Count;

    /// <summary>The most row panels of a block.</summary>
    public const int BlockPanels = 16;

    // Depth between two additions to the block: a column panel of it (64 KiB) stays in the second-level cache.
    private const int DepthBlock = 256;
    private const int Vectors = 4;

    /// <summary>
    /// packed [panels, depth, width] = lines of an operand from <paramref name="firstLine"/> on; lines behind its end are 0. Along
    /// the depth, <paramref name="depth"/> elements whose outer digit starts at <paramref name="firstOuter"/>. The grid is panels
    /// x stretches of <paramref name="stretch"/> outer digits. For one tap of the window the places of a panel's lines are
    /// found once and then used for all channels of the stretch.
    /// </summary>
    [Kernel(Targets = KernelTargets.OpenCl)]
    internal static void PackPanels(
        ProductOperand operand, int firstLine, int lines, int firstOuter, int depth, int width, int stretch, ArrayView<float> source, ArrayView<float> packed)
    {
        var first = firstLine + Grid.IdxX * width;
        var count = Math.Min(width, firstLine + lines - first);
        var taps = operand.Depth.Rows * operand.Depth.Columns;
        var start = Grid.IdxY * stretch;
        var stop = Math.Min(depth / taps, start + stretch);
        var target = packed.SubView((long)Grid.IdxX * depth * width);
        if (operand.DepthIsContiguous)
        {
            PackAlongDepth(operand, first, count, firstOuter, start, stop, width, source, target);
            return;
        }

        var offsets = LocalMemory.Allocate<int>(ColumnWidth);
        var ys = LocalMemory.Allocate<int>(ColumnWidth);
        var xs = LocalMemory.Allocate<int>(ColumnWidth);
        for (var j = 0; j < width; j++)
        {
            // A line behind the end is outside the window.
            var place = operand.Lines.At(j < count ? first + j : first);
            offsets[j] = place.Offset;
            ys[j] = j < count ? place.Y : -(1 << 30);
            xs[j] = place.X;
        }

        var places = LocalMemory.Allocate<int>(ColumnWidth);
        var isRun = LocalMemory.Allocate<int>(Vectors);
        for (var tap = 0; tap < taps; tap++)
        {
            var place = operand.Depth.At(tap);
            for (var j = 0; j < width; j++)
            {
                var y = ys[j] + place.Y;
                var x = xs[j] + place.X;
                var isInside = y >= 0 && y < operand.Height && x >= 0 && x < operand.Width;
                places[j] = isInside ? offsets[j] + y * operand.Width + x : -1;
            }

            for (var v = 0; v < Vectors; v++)
            {
                isRun[v] = width == ColumnWidth && IsRun(places, v * Float32x16.Count) ? 1 : 0;
            }

            for (var k = start; k < stop; k++)
            {
                var from = source.SubView((firstOuter + k) * operand.Depth.Step);
                var row = target.SubView(((long)k * taps + tap) * width);
                if (width == ColumnWidth)
                {
                    for (var v = 0; v < Vectors; v++)
                    {
                        if (isRun[v] != 0)
                        {
                            Float32x16.Load(from, places[v * Float32x16.Count]).Store(row, v * Float32x16.Count);
                        }
                        else
                        {
                            Gather(from, places, v * Float32x16.Count, Float32x16.Count, row);
                        }
                    }
                }
                else
                {
                    Gather(from, places, 0, width, row);
                }
            }
        }
    }

    private static bool IsRun(ArrayView<int> places, int first)
    {
        var isRun = places[first] >= 0;
        for (var j = 1; j < Float32x16.Count; j++)
        {
            isRun &= places[first + j] == places[first] + j;
        }

        return isRun;
    }

    // Places below 0 are outside the window. The element that is read for them is there and is not used.
    private static void Gather(ArrayView<float> source, ArrayView<int> places, int first, int count, ArrayView<float> row)
    {
        for (var j = first; j < first + count; j++)
        {
            var value = source[Math.Max(places[j], 0)];
            row[j] = places[j] < 0 ? 0f : value;
        }
    }

    // A stretch of each line at a time: lines a power of two apart would push each other out of the cache.
    private static void PackAlongDepth(
        ProductOperand operand, int first, int count, int firstOuter, int start, int stop, int width, ArrayView<float> source, ArrayView<float> target)
    {
        for (var j = 0; j < width; j++)
        {
            var line = source.SubView((first + Math.Min(j, count - 1)) * operand.Lines.Step + firstOuter);
            for (var k = start; k < stop; k++)
            {
                target[k * width + j] = j < count ? line[k] : 0f;
            }
        }
    }

    /// <summary>
    /// A block of y, from packed operands. The grid is blocks of <paramref name="blockPanels"/> row panels x column panels x
    /// parts of the depth; the result of a part goes BatchStep elements behind that of the part before.
    /// </summary>
    /// <param name="depth">The depth of the packed operands.</param>
    /// <param name="isNext">Whether y holds the sums over the depth before this one.</param>
    /// <param name="isNarrow">Whether the registers hold 6 rows of one vector, not of four.</param>
    /// <param name="bias">Read only when there is one.</param>
    [Kernel(Targets = KernelTargets.OpenCl)]
    internal static void MultiplyPanels(
        Product p, int firstRow, int rows, int firstColumn, int columns, int blockPanels, int depth, int partDepth, bool isNext, bool isNarrow,
        ArrayView<float> a, ArrayView<float> b, ArrayView<float> bias, ArrayView<float> y)
    {
        var sums = LocalMemory.Allocate<float>(BlockPanels * RowWidth * ColumnWidth);
        var zero = Float32x16.Broadcast(0f);
        for (var i = 0; i < blockPanels * RowWidth * Vectors; i++)
        {
            zero.Store(sums, i * Float32x16.Count);
        }

        var firstPanel = Grid.IdxX * blockPanels;
        var panels = Math.Min(blockPanels, (rows + RowWidth - 1) / RowWidth - firstPanel);
        var stop = Math.Min(depth, (Grid.IdxZ + 1) * partDepth);
        for (var start = Grid.IdxZ * partDepth; start < stop; start += DepthBlock)
        {
            var count = Math.Min(DepthBlock, stop - start);
            var right = b.SubView(((long)Grid.IdxY * depth + start) * ColumnWidth);
            for (var panel = 0; panel < panels; panel++)
            {
                var left = a.SubView(((long)(firstPanel + panel) * depth + start) * RowWidth);
                var tile = sums.SubView(panel * RowWidth * ColumnWidth);
                if (isNarrow)
                {
                    for (var v = 0; v < Vectors; v++)
                    {
                        AddNarrowTile(left, right.SubView(v * Float32x16.Count), count, tile.SubView(v * Float32x16.Count));
                    }
                }
                else
                {
                    AddTile(left, right, count, tile);
                }
            }
        }

        WriteBlock(p, firstRow, rows, firstColumn, columns, firstPanel * RowWidth, panels * RowWidth, isNext, sums, bias, y);
    }

    private static void WriteBlock(
        Product p, int firstRow, int rows, int firstColumn, int columns, int row, int blockRows, bool isNext, ArrayView<float> sums,
        ArrayView<float> bias, ArrayView<float> y)
    {
        // Places of the columns, and the rows that exist.
        var places = LocalMemory.Allocate<int>(ColumnWidth);
        var shifts = LocalMemory.Allocate<float>(ColumnWidth);
        var column = Grid.IdxY * ColumnWidth;
        var count = Math.Min(ColumnWidth, columns - column);
        var hasRowBias = p.Bias == ProductBias.Rows && !isNext;
        var hasColumnBias = p.Bias == ProductBias.Columns && !isNext;
        for (var j = 0; j < count; j++)
        {
            var place = p.Y.Depth.At(firstColumn + column + j);
            places[j] = place.Offset + place.Y * p.Y.Width + place.X;
            shifts[j] = hasColumnBias ? bias[firstColumn + column + j] : 0f;
        }

        var result = y.SubView((long)Grid.IdxZ * p.Y.BatchStep);
        for (var i = 0; i < Math.Min(blockRows, rows - row); i++)
        {
            var place = p.Y.Lines.At(firstRow + row + i);
            var line = place.Offset + place.Y * p.Y.Width + place.X;
            var shift = hasRowBias ? bias[firstRow + row + i] : 0f;
            var values = sums.SubView(i * ColumnWidth);
            if (isNext)
            {
                for (var j = 0; j < count; j++)
                {
                    result[line + places[j]] += values[j];
                }
            }
            else if (p.Y.DepthIsContiguous)
            {
                for (var j = 0; j < count; j++)
                {
                    result[line + places[0] + j] = values[j] + (shift + shifts[j]);
                }
            }
            else
            {
                for (var j = 0; j < count; j++)
                {
                    result[line + places[j]] = values[j] + (shift + shifts[j]);
                }
            }
        }
    }

    // sums [6, 64] += a panel of each operand. 24 vectors hold the sums: the loops below are unrolled and the array becomes registers.
    private static void AddTile(ArrayView<float> left, ArrayView<float> right, int depth, ArrayView<float> sums)
    {
        var tile = LocalMemory.Allocate<Float32x16>(RowWidth * Vectors);
        var columns = LocalMemory.Allocate<Float32x16>(Vectors);
        Loop.Unroll();
        for (var i = 0; i < RowWidth * Vectors; i++)
        {
            tile[i] = Float32x16.Broadcast(0f);
        }

        for (var k = 0; k < depth; k++)
        {
            Loop.Unroll();
            for (var j = 0; j < Vectors; j++)
            {
                columns[j] = Float32x16.Load(right, k * ColumnWidth + j * Float32x16.Count);
            }

            Loop.Unroll();
            for (var i = 0; i < RowWidth; i++)
            {
                var row = Float32x16.Broadcast(left[k * RowWidth + i]);
                Loop.Unroll();
                for (var j = 0; j < Vectors; j++)
                {
                    tile[i * Vectors + j] = Float32x16.FusedMultiplyAdd(row, columns[j], tile[i * Vectors + j]);
                }
            }
        }

        var one = Float32x16.Broadcast(1f);
        Loop.Unroll();
        for (var i = 0; i < RowWidth * Vectors; i++)
        {
            Float32x16.FusedMultiplyAdd(tile[i], one, Float32x16.Load(sums, i * Float32x16.Count)).Store(sums, i * Float32x16.Count);
        }
    }

    // The same for 6 rows of one vector, which 16 registers of 8 floats can hold; the sums have the same bits.
    private static void AddNarrowTile(ArrayView<float> left, ArrayView<float> right, int depth, ArrayView<float> sums)
    {
        var tile = LocalMemory.Allocate<Float32x16>(RowWidth);
        Loop.Unroll();
        for (var i = 0; i < RowWidth; i++)
        {
            tile[i] = Float32x16.Broadcast(0f);
        }

        for (var k = 0; k < depth; k++)
        {
            var column = Float32x16.Load(right, k * ColumnWidth);
            Loop.Unroll();
            for (var i = 0; i < RowWidth; i++)
            {
                tile[i] = Float32x16.FusedMultiplyAdd(Float32x16.Broadcast(left[k * RowWidth + i]), column, tile[i]);
            }
        }

        var one = Float32x16.Broadcast(1f);
        Loop.Unroll();
        for (var i = 0; i < RowWidth; i++)
        {
            Float32x16.FusedMultiplyAdd(tile[i], one, Float32x16.Load(sums, i * ColumnWidth)).Store(sums, i * ColumnWidth);
        }
    }
}
