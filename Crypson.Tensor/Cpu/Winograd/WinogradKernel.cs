using System.Runtime.Intrinsics;
using Crypson.Cpu.Products;

namespace Crypson.Cpu.Winograd;

/// <summary>
/// One job: a block of rows times a strip of 64 columns for one part of the vertical direction. It sums the right
/// operand's combinations into a panel as it needs them, keeps the components of all rows in its cache, and sums the
/// results from them. A column is a lane of a tile when the tiles have results of their own, and a lane when they add up.
/// </summary>
internal readonly unsafe struct WinogradKernel<TMicro>(
    WinogradAxis vertical, WinogradAxis horizontal, PackLeftCombinations<TMicro> packLeft, Planes right, TakeApart apart, float* apartData, float* packedLeft, TileOutputs outputs,
    int tilesPerBlock, int splits, float* partials) : IKernel
    where TMicro : struct, IMicroKernel
{
    private const int Strip = ProductPlan.StripColumns;
    private const int Lanes = TakeApart.Lanes;
    private const int LaneGroups = Strip / Lanes;
    private const int MaxDepth = 512;

    private readonly float* apartData = apartData;
    private readonly float* packedLeft = packedLeft;
    private readonly float* partials = partials;

    public int Groups => Blocks * splits;

    /// <summary>Floats of the components of all jobs.</summary>
    public nint PartialsCount => Groups * PartSize;

    /// <summary>Parts that the sums can be split into where tiles add up and the left operand is not packed yet.</summary>
    public int Units => vertical.Tiles * ((right.Depth + ChunkDepth(horizontal.Tiles) - 1) / ChunkDepth(horizontal.Tiles));

    /// <summary>Whether each of the left operand's combinations is needed by one block only.</summary>
    public bool UsesLeftOnce => !TilesAreColumns && Strips == 1;

    /// <summary>What <see cref="SumTile"/> is to be called with.</summary>
    public int SumGroups => Blocks * tilesPerBlock;

    // Blocks of results: of rows, of columns and of phases.
    private int Blocks => RowBlocks * Strips * vertical.Parts.Length;

    private nint ComponentSize => (nint)tilesPerBlock * TMicro.Rows * Strip;

    // Floats of all components of the largest part.
    private nint PartSize => ComponentSize * Whole.Components.Length * vertical.Whole.Components.Length;

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
        var (block, split) = (group % Blocks, group / Blocks);
        var (part, strip, firstTile) = Place(block);
        var rowTiles = Math.Min(tilesPerBlock, RowTiles - firstTile);
        var scratch = ThreadScratch.Current;
        var components = partials == null ? scratch.Floats(ScratchSlot.Tiles, PartSize) : partials + (group * PartSize);
        if (packedLeft == null)
        {
            MultiplyUnpacked(scratch, part, strip, split, firstTile, rowTiles, components);
        }
        else
        {
            Multiply(scratch, part, strip, split, firstTile, rowTiles, components);
        }

        if (partials == null)
        {
            Write(part, strip, firstTile, 0, rowTiles, components);
        }
    }

    /// <summary>Adds up the splits' components of one tile of rows, from the first split to the last, and writes its results.</summary>
    public void SumTile(int group)
    {
        var (block, rowTile) = (group / tilesPerBlock, group % tilesPerBlock);
        var (part, strip, firstTile) = Place(block);
        if (firstTile + rowTile >= RowTiles)
        {
            return;
        }

        var count = TMicro.Rows * Strip;
        var components = partials + (block * PartSize);
        for (var component = 0; component < part.Components.Length * Whole.Components.Length; component++)
        {
            var sum = components + (component * ComponentSize) + ((nint)rowTile * count);
            for (var split = 1; split < splits; split++)
            {
                var other = sum + (split * Blocks * PartSize);
                for (var i = 0; i < count; i += 8)
                {
                    (Vector256.Load(sum + i) + Vector256.Load(other + i)).Store(sum + i);
                }
            }
        }

        Write(part, strip, firstTile, rowTile, 1, components);
    }

    private (WinogradPart Part, int Strip, int FirstTile) Place(int block)
    {
        var column = block / RowBlocks;
        return (vertical.Parts[column % vertical.Parts.Length], column / vertical.Parts.Length, block % RowBlocks * tilesPerBlock);
    }

    private void Multiply(ThreadScratch scratch, WinogradPart part, int strip, int split, int firstTile, int rowTiles, float* components)
    {
        var panel = scratch.Floats(ScratchSlot.Strip, (nint)Math.Min(MaxDepth, right.Depth) * Strip);
        var tiles = TilesAreColumns ? 1 : Tiles;
        var (begin, end) = (tiles * split / splits, tiles * (split + 1) / splits);
        var depth = right.Depth;
        for (var y = 0; y < part.Components.Length; y++)
        {
            for (var x = 0; x < Whole.Components.Length; x++)
            {
                var target = components + (((y * Whole.Components.Length) + x) * ComponentSize);
                var add = false;
                foreach (ref readonly var termY in part.Components[y].AsSpan())
                {
                    foreach (ref readonly var termX in Whole.Components[x].AsSpan())
                    {
                        var combination = (nint)(termY.Left * horizontal.Left.Length) + termX.Left;
                        for (var tile = begin; tile < end; tile++)
                        {
                            for (var k = 0; k < depth; k += MaxDepth)
                            {
                                var count = Math.Min(MaxDepth, depth - k);
                                Pack(termY.Right, termX.Right, strip, tile, k, count, panel, count);
                                var left = packedLeft
                                    + ((((((combination * RowTiles) + firstTile) * tiles) + tile) * depth + k) * TMicro.Rows);
                                RunTiles(firstTile, rowTiles, count, left, (nint)tiles * depth * TMicro.Rows, panel, target, add);
                                add = true;
                            }
                        }
                    }
                }
            }
        }
    }

    // The same where tiles add up and no other job needs the left operand's combinations: packed for a line of tiles and a
    // part of the depth at a time, they stay in the second-level cache and memory sees neither them nor their sums.
    private void MultiplyUnpacked(ThreadScratch scratch, WinogradPart part, int strip, int split, int firstTile, int rowTiles, float* components)
    {
        var tiles = horizontal.Tiles;
        var chunk = ChunkDepth(tiles);
        var chunks = (right.Depth + chunk - 1) / chunk;
        var units = Units;
        var (combination, combinations) = part.LeftRange();
        var width = horizontal.Left.Length;
        var left = scratch.Floats(ScratchSlot.Table, (nint)combinations * width * rowTiles * tiles * chunk * TMicro.Rows);
        var panel = scratch.Floats(ScratchSlot.Strip, (nint)tiles * chunk * Strip);
        var begin = units * split / splits;
        for (var unit = begin; unit < units * (split + 1) / splits; unit++)
        {
            var (line, k) = (unit / chunks, unit % chunks * chunk);
            var count = Math.Min(chunk, right.Depth - k);
            var depth = tiles * count;
            var panelStride = (nint)depth * TMicro.Rows;
            packLeft.PackSome(firstTile, rowTiles, k, count, line * tiles, tiles, combination, combinations, left);
            for (var y = 0; y < part.Components.Length; y++)
            {
                for (var x = 0; x < Whole.Components.Length; x++)
                {
                    var target = components + (((y * Whole.Components.Length) + x) * ComponentSize);
                    var add = unit > begin;
                    foreach (ref readonly var termY in part.Components[y].AsSpan())
                    {
                        foreach (ref readonly var termX in Whole.Components[x].AsSpan())
                        {
                            for (var tile = 0; tile < tiles; tile++)
                            {
                                Pack(
                                    termY.Right, termX.Right, strip, (line * tiles) + tile, k, count, panel + (tile * count * TMicro.Columns), depth);
                            }

                            var sum = left + (((((nint)termY.Left - combination) * width) + termX.Left) * rowTiles * panelStride);
                            RunTiles(firstTile, rowTiles, depth, sum, panelStride, panel, target, add);
                            add = true;
                        }
                    }
                }
            }
        }
    }

    // Enough for the micro-kernel with all tiles of a line.
    private static int ChunkDepth(int tiles) => Math.Max(TakeApart.Lanes, IMicroKernel.RunLength / tiles / TakeApart.Lanes * TakeApart.Lanes);

    private void RunTiles(int firstTile, int rowTiles, int count, float* left, nint leftStride, float* panel, float* target, bool add)
    {
        if (TMicro.Columns == Strip)
        {
            var rows = Math.Min(rowTiles * TMicro.Rows, outputs.Rows - (firstTile * TMicro.Rows));
            RowProduct.Run<TMicro>(rows, count, left, leftStride, panel, target, add);
            return;
        }

        for (var tile = 0; tile < rowTiles; tile++)
        {
            for (var lane = 0; lane < Strip; lane += TMicro.Columns)
            {
                TMicro.Run(count, left + (tile * leftStride), panel + ((nint)lane * count), target + (lane * TMicro.Rows), add, leftStride);
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

    // The panel's columns have room for `depth`.
    private void Pack(in Combination y, in Combination x, int strip, int tile, int k, int count, float* panel, int depth)
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

            if (Vector512.IsHardwareAccelerated)
            {
                Sum512(source, elements, places, factors, count, panel + (index * Lanes));
                continue;
            }

            for (var half = 0; half < Lanes; half += 8)
            {
                var lane = (index * Lanes) + half;
                var target = panel + ((nint)(lane / TMicro.Columns) * TMicro.Columns * depth) + (lane % TMicro.Columns);
                Sum256(source + half, elements, places, factors, count, target);
            }
        }
    }

    // The factors are 1 and -1: a fused product is rounded as a sum is.
    private void Sum512(float* source, int elements, int* places, float* factors, int count, float* target)
    {
        var stride = TMicro.Columns;
        var a = source + (places[0] * apart.PlaceStride);
        var b = source + (places[1] * apart.PlaceStride);
        var c = source + (places[2] * apart.PlaceStride);
        var d = source + (places[3] * apart.PlaceStride);
        var (fa, fb) = (Vector512.Create(factors[0]), Vector512.Create(factors[1]));
        var (fc, fd) = (Vector512.Create(factors[2]), Vector512.Create(factors[3]));
        var end = target + ((nint)count * stride);
        switch (elements)
        {
            case 0:
                for (; target < end; target += stride)
                {
                    Vector512<float>.Zero.Store(target);
                }

                break;
            case 1:
                for (nint i = 0; target < end; target += stride, i += Lanes)
                {
                    (Vector512.Load(a + i) * fa).Store(target);
                }

                break;
            case 2:
                for (nint i = 0; target < end; target += stride, i += Lanes)
                {
                    Vector512.FusedMultiplyAdd(Vector512.Load(a + i), fa, Vector512.Load(b + i) * fb).Store(target);
                }

                break;
            default:
                for (nint i = 0; target < end; target += stride, i += Lanes)
                {
                    var first = Vector512.FusedMultiplyAdd(Vector512.Load(a + i), fa, Vector512.Load(b + i) * fb);
                    (first + Vector512.FusedMultiplyAdd(Vector512.Load(c + i), fc, Vector512.Load(d + i) * fd)).Store(target);
                }

                break;
        }
    }

    private void Sum256(float* source, int elements, int* places, float* factors, int count, float* target)
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

    // Row tiles from `begin` on of a block, whose components begin with row tile `firstTile`.
    private void Write(WinogradPart part, int strip, int firstTile, int begin, int rowTiles, float* components)
    {
        var scratch = ThreadScratch.Current.Floats(ScratchSlot.Results, TileWriter.ScratchSize(part.Outputs, Whole, LaneGroups));
        var writer = new TileWriter(part.Outputs, Whole, outputs, components, ComponentSize, Offset(Lanes / 2), scratch);

        // All lanes of a row at a time, runs of tiles that are neighbours in a line of the image together.
        for (var rowTile = begin; rowTile < begin + rowTiles; rowTile++)
        {
            var row = (firstTile + rowTile) * TMicro.Rows;
            var rows = Math.Min(TMicro.Rows, outputs.Rows - row);
            for (var r = 0; r < rows; r++)
            {
                var source = ((nint)rowTile * TMicro.Rows * Strip) + (r * TMicro.Columns);
                for (var quarter = 0; quarter < LaneGroups && Locate(strip, quarter, out var laneGroup, out var tile);)
                {
                    var run = TilesAreColumns ? Math.Min(LaneGroups - quarter, horizontal.Tiles - (tile % horizontal.Tiles)) : 1;
                    writer.Write(
                        source + Offset(quarter * Lanes), Offset(Lanes), run, row + r, laneGroup * Lanes,
                        tile / horizontal.Tiles * vertical.OutputStep, tile % horizontal.Tiles * horizontal.OutputStep);
                    quarter += run;
                }
            }
        }
    }

    // Floats from the first lane of a row of a tile, or of a strip of tiles, to another.
    private static nint Offset(int lane) => (lane / TMicro.Columns * TMicro.Columns * TMicro.Rows) + (lane % TMicro.Columns);
}
