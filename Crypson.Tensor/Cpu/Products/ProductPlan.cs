namespace Crypson.Cpu.Products;

/// <summary>
/// How a product is cut into jobs. The cut depends on the shape and on the micro-kernel's tile only, never on the
/// number of threads, so that every sum has one order.
/// </summary>
internal readonly record struct ProductPlan
{
    /// <summary>Columns of a strip: what one job packs of the right operand.</summary>
    public const int StripColumns = 64;

    // A strip of one K block is 128 KiB, which stays in the second-level cache next to a panel of rows.
    private const int BlockDepth = 512;

    // The accumulators of a job are then 258 KiB: with a strip and a panel of rows still less than half of 1 MiB.
    private const int MaxRows = 1032;

    // Fewer rows than this do not pay for packing a strip of their own.
    private const int MinRows = 48;

    // Enough jobs that a dynamic queue keeps several threads busy to the end.
    private const int Jobs = 32;

    public ProductPlan(int rows, int columns, int depth, int tileRows)
    {
        RowTiles = (rows + tileRows - 1) / tileRows;
        Strips = (columns + StripColumns - 1) / StripColumns;
        var least = (rows + MaxRows - 1) / MaxRows;
        var most = Math.Max(least, rows / MinRows);

        // Splitting K costs one more addition for 512 products; splitting the rows packs every strip once more.
        var splits = Math.Clamp((Jobs + Strips * least - 1) / (Strips * least), 1, Math.Max(1, depth / BlockDepth));
        var blocks = Math.Clamp((Jobs + Strips * splits - 1) / (Strips * splits), least, most);
        TilesPerBlock = (RowTiles + blocks - 1) / blocks;
        RowBlocks = (RowTiles + TilesPerBlock - 1) / TilesPerBlock;
        SplitDepth = Math.Max(8, RoundUp((depth + splits - 1) / splits, 8));
        Splits = Math.Max(1, (depth + SplitDepth - 1) / SplitDepth);
        var steps = (SplitDepth + BlockDepth - 1) / BlockDepth;
        StepDepth = RoundUp((SplitDepth + steps - 1) / steps, 8);
    }

    /// <summary>Tiles down the rows.</summary>
    public int RowTiles { get; }

    /// <summary>Strips across the columns.</summary>
    public int Strips { get; }

    /// <summary>Blocks of rows; a job computes one block of one strip.</summary>
    public int RowBlocks { get; }

    /// <summary>Row tiles of a block.</summary>
    public int TilesPerBlock { get; }

    /// <summary>Parts of K that are summed by different jobs; more than 1 only when there are few tiles.</summary>
    public int Splits { get; }

    /// <summary>Length of such a part.</summary>
    public int SplitDepth { get; }

    /// <summary>Length of the K block that is packed at a time.</summary>
    public int StepDepth { get; }

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
