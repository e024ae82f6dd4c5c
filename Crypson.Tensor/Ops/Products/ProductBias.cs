namespace Crypson;

/// <summary>What is added to a product.</summary>
internal enum ProductBias
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A number per row.</summary>
    Rows,

    /// <summary>A number per column.</summary>
    Columns,
}
