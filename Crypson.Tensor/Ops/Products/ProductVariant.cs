namespace Crypson;

/// <summary>The ways to compute a product on a device.</summary>
internal enum ProductVariant
{
    /// <summary>One element per work-item: the reference for the others.</summary>
    Naive,

    /// <summary>Packed panels and vectors of 16 floats, for CPU devices.</summary>
    Panels,

    /// <summary>The same with few enough sums at a time for vectors of 8 floats; it gives the same bits.</summary>
    NarrowPanels,

    /// <summary>Tiles in shared memory and registers, for GPUs.</summary>
    Tiles,
}
