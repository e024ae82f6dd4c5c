namespace Crypson.Cpu.Products;

/// <summary>
/// One job of a product: a block of row tiles times a strip of 64 columns over one part of K. The strip is packed into
/// the thread's own cache block by block, the accumulators stay in cache too, and each result is written once.
/// </summary>
internal readonly unsafe struct ProductKernel<TMicro, TB, TWriter>(
    ProductPlan plan, float* packedRows, int row, int rows, int columns, int k, int depth, TB b, TWriter writer, float* partials, bool first)
    : IKernel
    where TMicro : struct, IMicroKernel
    where TB : struct, IOperand
    where TWriter : struct, ITileWriter
{
    private const int Strip = ProductPlan.StripColumns;

    private readonly float* packedRows = packedRows;
    private readonly float* partials = partials;

    public int Groups => plan.RowBlocks * plan.Strips * plan.Splits;

    public void Execute(int group)
    {
        var block = group % plan.RowBlocks;
        group /= plan.RowBlocks;
        var strip = group % plan.Strips;
        var split = group / plan.Strips;
        var firstTile = block * plan.TilesPerBlock;
        var tileCount = Math.Min(plan.TilesPerBlock, plan.RowTiles - firstTile);
        var column = strip * Strip;
        var width = Math.Min(Strip, columns - column);
        var scratch = ThreadScratch.Current;
        var tiles = partials == null
            ? scratch.Floats(ScratchSlot.Tiles, (nint)plan.TilesPerBlock * TMicro.Rows * Strip)
            : partials + (((nint)split * plan.Strips + strip) * plan.RowTiles + firstTile) * TMicro.Rows * Strip;
        Multiply(scratch, tiles, firstTile, tileCount, column, width, split);
        if (partials == null)
        {
            var offsets = (nint*)scratch.Bytes(ScratchSlot.Offsets, Strip * sizeof(nint));
            WriteTiles(writer, tiles, row, rows, firstTile, tileCount, column, width, offsets, first);
        }
    }

    /// <summary>Hands the tiles of a block to the writer. A tile is a run of panels, each Rows x Columns.</summary>
    public static void WriteTiles(
        in TWriter writer, float* tiles, int row, int rows, int firstTile, int tileCount, int column, int width, nint* offsets, bool first)
    {
        writer.Locate(column, width, offsets);
        for (var tile = firstTile; tile < firstTile + tileCount; tile++)
        {
            var start = tile * TMicro.Rows;
            for (var lane = 0; lane < width; lane += TMicro.Columns)
            {
                writer.Write(
                    tiles + lane * TMicro.Rows,
                    TMicro.Columns,
                    row + start,
                    Math.Min(TMicro.Rows, rows - start),
                    column + lane,
                    Math.Min(TMicro.Columns, width - lane),
                    offsets + lane,
                    first);
            }

            tiles += TMicro.Rows * Strip;
        }
    }

    private void Multiply(ThreadScratch scratch, float* tiles, int firstTile, int tileCount, int column, int width, int split)
    {
        var begin = split * plan.SplitDepth;
        var end = Math.Min(begin + plan.SplitDepth, depth);
        if (begin >= end)
        {
            new Span<float>(tiles, tileCount * TMicro.Rows * Strip).Clear();
            return;
        }

        var panels = (width + TMicro.Columns - 1) / TMicro.Columns;
        var tableBytes = (b.TableBytes(TMicro.Columns) + 63) / 64 * 64;
        var tables = (byte*)scratch.Bytes(ScratchSlot.Table, panels * tableBytes);
        var packed = scratch.Floats(ScratchSlot.Strip, (nint)plan.StepDepth * Strip + IOperand.Spill);
        for (var panel = 0; panel < panels; panel++)
        {
            var lane = panel * TMicro.Columns;
            b.Prepare(column + lane, Math.Min(TMicro.Columns, width - lane), TMicro.Columns, tables + panel * tableBytes);
        }

        for (var start = begin; start < end; start += plan.StepDepth)
        {
            var count = Math.Min(plan.StepDepth, end - start);
            for (var panel = 0; panel < panels; panel++)
            {
                var lane = panel * TMicro.Columns;
                b.Pack(
                    column + lane,
                    Math.Min(TMicro.Columns, width - lane),
                    TMicro.Columns,
                    k + start,
                    count,
                    tables + panel * tableBytes,
                    packed + (nint)panel * TMicro.Columns * count);
            }

            for (var tile = 0; tile < tileCount; tile++)
            {
                var a = packedRows + ((nint)(firstTile + tile) * depth + start) * TMicro.Rows;
                var target = tiles + tile * TMicro.Rows * Strip;
                for (var panel = 0; panel < panels; panel++)
                {
                    var lane = panel * TMicro.Columns;
                    TMicro.Run(count, a, packed + (nint)lane * count, target + lane * TMicro.Rows, start > begin, (nint)depth * TMicro.Rows);
                }
            }
        }
    }
}
