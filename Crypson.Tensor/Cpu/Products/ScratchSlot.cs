namespace Crypson.Cpu.Products;

/// <summary>What a thread's scratch memory is used for; each slot is one block that grows to its largest use.</summary>
internal enum ScratchSlot
{
    /// <summary>The packed left operand, owned by the thread that called the product and read by all workers.</summary>
    PackedRows,

    /// <summary>One packed K block of a strip of the right operand.</summary>
    Strip,

    /// <summary>The accumulator tiles of one job.</summary>
    Tiles,

    /// <summary>An operand's tables for one strip.</summary>
    Table,

    /// <summary>Where the writer puts the columns of one strip.</summary>
    Offsets,

    /// <summary>Partial sums of a product whose K dimension is split.</summary>
    Partials,

    /// <summary>One image's product before its taps are summed (see ColumnsToImage).</summary>
    Columns,

    /// <summary>A bias repeated over positions.</summary>
    Bias,

    /// <summary>An operand taken apart into its places (see TakeApart), owned by the thread that called.</summary>
    Apart,

    /// <summary>Results of one line of tiles that wait for one another (see TileWriter).</summary>
    Results,

    /// <summary>A strided vector, copied together.</summary>
    Vector,

    /// <summary>Activations of an inference plan, owned by the thread that called.</summary>
    Activations,

    /// <summary>How far the threads of an inference plan are, owned by the thread that called.</summary>
    Team,
}
