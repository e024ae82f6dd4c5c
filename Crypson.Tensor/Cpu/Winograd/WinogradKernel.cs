using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Crypson.Cpu.Products;

namespace Crypson.Cpu.Winograd;

/// <summary>
/// One job: a block of rows times a strip of 64 columns for one part of the vertical direction. It sums the right
/// operand's combinations into a panel as it needs them, keeps the components of all rows in its cache, and sums the
/// results from them. A column is a lane of a tile when the tiles have results of their own, and a lane when they add up.
/// </summary>
internal readonly unsafe struct WinogradKernel<TMicro>(
    WinogradAxis vertical, WinogradAxis horizontal, Planes right, TakeApart apart, float* apartData, float* packedLeft, TileOutputs outputs,
    int tilesPerBlock) : IKernel
    where TMicro : struct, IMicroKernel
{
    private const int Strip = ProductPlan.StripColumns;
    private const int Lanes = TakeApart.Lanes;
    private const int LaneGroups = Strip / Lanes;
    private const int MaxDepth = 512;

    private readonly float* apartData = apartData;
    private readonly float* packedLeft = packedLeft;

    public int Groups => RowBlocks * Strips * vertical.Parts.Length;

    private WinogradPart Whole => horizontal.Whole;

    private int RowTiles => (outputs.Rows + TMicro.Rows - 1) / TMicro.Rows;

    private int RowBlocks => (RowTiles + tilesPerBlock - 1) / tilesPerBlock;

    private bool TilesAreColumns => vertical.OutputStep > 0;

    private int Tiles => vertical.Tiles * horizontal.Tiles;

    private int AllLaneGroups => (right.Lanes + Lanes - 1) / Lanes;

    // Quarters of strips: when tiles are columns, each group of lanes has one per tile.
    private int Columns => AllLaneGroups * (TilesAreColumns ? Tiles : 1);

    private int Strips => (Columns + LaneGroups - 1) / LaneGroups;

    public void Execute(int group)
    {
        var firstTile = group % RowBlocks * tilesPerBlock;
        group /= RowBlocks;
        var part = vertical.Parts[group % vertical.Parts.Length];
        var strip = group / vertical.Parts.Length;
        var rowTiles = Math.Min(tilesPerBlock, RowTiles - firstTile);
        var scratch = ThreadScratch.Current;
        var componentSize = (nint)tilesPerBlock * TMicro.Rows * Strip;
        var components = scratch.Floats(ScratchSlot.Tiles, componentSize * part.Components.Length * Whole.Components.Length);
        Multiply(scratch, part, strip, firstTile, rowTiles, components, componentSize);
        Write(part, strip, firstTile, rowTiles, components, componentSize);
    }

    private void Multiply(ThreadScratch scratch, WinogradPart part, int strip, int firstTile, int rowTiles, float* components, nint componentSize)
    {
        var panel = scratch.Floats(ScratchSlot.Strip, (nint)Math.Min(MaxDepth, right.Depth) * Strip);
        var tiles = TilesAreColumns ? 1 : Tiles;
        var depth = right.Depth;
        for (var y = 0; y < part.Components.Length; y++)
        {
            for (var x = 0; x < Whole.Components.Length; x++)
            {
                var target = components + (((y * Whole.Components.Length) + x) * componentSize);
                var add = false;
                foreach (ref readonly var termY in part.Components[y].AsSpan())
                {
                    foreach (ref readonly var termX in Whole.Components[x].AsSpan())
                    {
                        var combination = (nint)(termY.Left * horizontal.Left.Length) + termX.Left;
                        for (var tile = 0; tile < tiles; tile++)
                        {
                            for (var k = 0; k < depth; k += MaxDepth)
                            {
                                var count = Math.Min(MaxDepth, depth - k);
                                Pack(termY.Right, termX.Right, strip, tile, k, count, panel);
                                var left = packedLeft
                                    + ((((((combination * RowTiles) + firstTile) * tiles) + tile) * depth + k) * TMicro.Rows);
                                RunTiles(rowTiles, count, left, (nint)tiles * depth * TMicro.Rows, panel, target, add);
                                add = true;
                            }
                        }
                    }
                }
            }
        }
    }

    private static void RunTiles(int rowTiles, int count, float* left, nint leftStride, float* panel, float* target, bool add)
    {
        for (var tile = 0; tile < rowTiles; tile++)
        {
            for (var lane = 0; lane < Strip; lane += TMicro.Columns)
            {
                TMicro.Run(count, left + (tile * leftStride), panel + ((nint)lane * count), target + (lane * TMicro.Rows), add);
            }

            target += TMicro.Rows * Strip;
        }
    }

    // The group of lanes and the tile of a quarter of a strip; false when there is none.
    private bool Locate(int strip, int quarter, out int laneGroup, out int tile)
    {
        var column = (strip * LaneGroups) + quarter;
        (laneGroup, tile) = TilesAreColumns ? (column / Tiles, column % Tiles) : (column, 0);
        return column < Columns;
    }

    private void Pack(in Combination y, in Combination x, int strip, int tile, int k, int count, float* panel)
    {
        var places = stackalloc int[4];
        var factors = stackalloc float[4];
        for (var index = 0; index < LaneGroups; index++)
        {
            var elements = 0;
            var source = apartData;
            if (Locate(strip, index, out var laneGroup, out var own))
            {
                own += tile;
                elements = right.Elements(
                    y, own / horizontal.Tiles * vertical.RightStep, x, own % horizontal.Tiles * horizontal.RightStep, places, factors);
                source += (laneGroup * apart.GroupStride) + ((nint)k * Lanes);
            }

            for (var half = 0; half < Lanes; half += 8)
            {
                var lane = (index * Lanes) + half;
                var target = panel + ((nint)(lane / TMicro.Columns) * TMicro.Columns * count) + (lane % TMicro.Columns);
                Sum(source + half, elements, places, factors, count, target);
            }
        }
    }

    private void Sum(float* source, int elements, int* places, float* factors, int count, float* target)
    {
        var stride = TMicro.Columns;
        var a = source + (places[0] * apart.PlaceStride);
        var b = source + (places[1] * apart.PlaceStride);
        var c = source + (places[2] * apart.PlaceStride);
        var d = source + (places[3] * apart.PlaceStride);
        var (fa, fb) = (Vector256.Create(factors[0]), Vector256.Create(factors[1]));
        var (fc, fd) = (Vector256.Create(factors[2]), Vector256.Create(factors[3]));
        switch (elements)
        {
            case 0:
                for (var i = 0; i < count; i++)
                {
                    Vector256<float>.Zero.Store(target + (i * stride));
                }

                break;
            case 1:
                for (var i = 0; i < count; i++)
                {
                    (Vector256.Load(a + (i * Lanes)) * fa).Store(target + (i * stride));
                }

                break;
            case 2:
                for (var i = 0; i < count; i++)
                {
                    ((Vector256.Load(a + (i * Lanes)) * fa) + (Vector256.Load(b + (i * Lanes)) * fb)).Store(target + (i * stride));
                }

                break;
            default:
                for (var i = 0; i < count; i++)
                {
                    ((Vector256.Load(a + (i * Lanes)) * fa) + (Vector256.Load(b + (i * Lanes)) * fb)
                        + ((Vector256.Load(c + (i * Lanes)) * fc) + (Vector256.Load(d + (i * Lanes)) * fd))).Store(target + (i * stride));
                }

                break;
        }
    }

    // Sums of whole tiles first, down and then across, in the first-level cache; then they go to their images.
    private void Write(WinogradPart part, int strip, int firstTile, int rowTiles, float* components, nint componentSize)
    {
        var size = TMicro.Rows * Strip;
        var (width, columns) = (Whole.Components.Length, Whole.Outputs.Length);
        var sums = ThreadScratch.Current.Floats(ScratchSlot.Sums, (nint)(width + columns) * size);
        var results = sums + ((nint)width * size);
        var bias = stackalloc float[TMicro.Rows];
        for (var rowTile = 0; rowTile < rowTiles; rowTile++, components += size)
        {
            var row = (firstTile + rowTile) * TMicro.Rows;
            var rows = Math.Min(TMicro.Rows, outputs.Rows - row);
            for (var r = 0; r < rows; r++)
            {
                bias[r] = outputs.Bias(row + r);
            }

            foreach (ref readonly var output in part.Outputs.AsSpan())
            {
                for (var x = 0; x < width; x++)
                {
                    Combine(
                        components + (((output.Of.First * width) + x) * componentSize), output.Of.FirstFactor,
                        components + (((output.Of.Second * width) + x) * componentSize), output.Of.SecondFactor, sums + ((nint)x * size), size);
                }

                for (var x = 0; x < columns; x++)
                {
                    var of = Whole.Outputs[x].Of;
                    Combine(sums + ((nint)of.First * size), of.FirstFactor, sums + ((nint)of.Second * size), of.SecondFactor, results + ((nint)x * size), size);
                }

                Write(output.Offset, strip, row, rows, results, size, bias);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Combine(float* a, float first, float* b, float second, float* target, int size)
    {
        if (second == 0)
        {
            for (var i = 0; i < size; i += 8)
            {
                (Vector256.Load(a + i) * first).Store(target + i);
            }

            return;
        }

        for (var i = 0; i < size; i += 8)
        {
            Vector256.MultiplyAddEstimate(Vector256.Load(b + i), Vector256.Create(second), Vector256.Load(a + i) * first).Store(target + i);
        }
    }

    // One line of results of a tile of rows: results[x][panel of lanes][row][lane].
    private void Write(int offset, int strip, int row, int rows, float* results, int size, float* bias)
    {
        var columns = Whole.Outputs.Length;
        for (var lane = 0; lane < Strip; lane += 8)
        {
            if (!Locate(strip, lane / Lanes, out var laneGroup, out var tile))
            {
                break;
            }

            var first = (laneGroup * Lanes) + (lane % Lanes);
            var lanes = Math.Min(8, outputs.Lanes - first);
            var place = (tile / horizontal.Tiles * vertical.OutputStep) + offset;
            if (lanes <= 0 || place >= outputs.Height)
            {
                continue;
            }

            var leftmost = (tile % horizontal.Tiles * horizontal.OutputStep) + Whole.Outputs[0].Offset;
            var run = Math.Min(columns, outputs.Width - leftmost);
            var source = results + (lane / TMicro.Columns * TMicro.Columns * TMicro.Rows) + (lane % TMicro.Columns);
            for (var r = 0; r < rows; r++, source += TMicro.Columns)
            {
                var target = outputs.At(row + r, first) + ((nint)place * outputs.Width) + leftmost;
                if (columns == 4 && run == 4 && lanes == 8)
                {
                    ScatterFour(source, size, bias[r], target);
                }
                else if (columns == 2 && run == 2 && lanes == 8)
                {
                    ScatterTwo(source, size, bias[r], target);
                }
                else
                {
                    Scatter(source, size, bias[r], run, lanes, target);
                }
            }
        }
    }

    // target[lane * LaneStride + x] = source[x * size + lane] + bias
    private void Scatter(float* source, int size, float bias, int run, int lanes, float* target)
    {
        for (var lane = 0; lane < lanes; lane++, target += outputs.LaneStride)
        {
            for (var x = 0; x < run; x++)
            {
                target[x] = source[(x * size) + lane] + bias;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ScatterTwo(float* source, int size, float bias, float* target)
    {
        var (r0, r1) = (Vector256.Load(source) + Vector256.Create(bias), Vector256.Load(source + size) + Vector256.Create(bias));
        var (low, high) = (Halves.UnpackLow(r0, r1).AsDouble(), Halves.UnpackHigh(r0, r1).AsDouble());
        for (var i = 0; i < 2; i++, target += outputs.LaneStride)
        {
            *(double*)target = low[i];
            *(double*)(target + (2 * outputs.LaneStride)) = high[i];
            *(double*)(target + (4 * outputs.LaneStride)) = low[i + 2];
            *(double*)(target + (6 * outputs.LaneStride)) = high[i + 2];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ScatterFour(float* source, int size, float bias, float* target)
    {
        var add = Vector256.Create(bias);
        var (r0, r1) = (Vector256.Load(source) + add, Vector256.Load(source + size) + add);
        var (r2, r3) = (Vector256.Load(source + (2 * size)) + add, Vector256.Load(source + (3 * size)) + add);
        var (a, b) = (Halves.UnpackLow(r0, r1), Halves.UnpackHigh(r0, r1));
        var (c, d) = (Halves.UnpackLow(r2, r3), Halves.UnpackHigh(r2, r3));
        Two(Halves.LowPairs(a, c), target, outputs.LaneStride);
        Two(Halves.HighPairs(a, c), target + outputs.LaneStride, outputs.LaneStride);
        Two(Halves.LowPairs(b, d), target + (2 * outputs.LaneStride), outputs.LaneStride);
        Two(Halves.HighPairs(b, d), target + (3 * outputs.LaneStride), outputs.LaneStride);

        static void Two(Vector256<float> value, float* target, nint stride)
        {
            value.GetLower().Store(target);
            value.GetUpper().Store(target + (4 * stride));
        }
    }
}
