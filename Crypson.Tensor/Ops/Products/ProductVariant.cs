namespace Crypson;

/// <summary>The ways to compute a product on a device.</summary>
internal enum ProductVariant
{
    /// <summary>One element per work-item: the reference for the others.</summary>
    Naive,

    /// <summary>Packed panels and vectors, for CPU devices.</summary>
    Panels,

    /// <summary>Tiles in shared memory and registers, for GPUs.</summary>
    Tiles,
}
