namespace Crypson.Cpu.Products;

/// <summary>The innermost product: one register tile of rows x columns over packed panels.</summary>
internal unsafe interface IMicroKernel
{
    /// <summary>
    /// Products that are added up in registers before they join the tile: a float sum of K terms in runs of R is off by
    /// about √R + √(K / R) roundings instead of √K (three times less for K = 2048, for two hundredths of the time).
    /// </summary>
    const int RunLength = 128;

    /// <summary>Rows of the tile, which is also the width of a packed panel of the left operand.</summary>
    static abstract int Rows { get; }

    /// <summary>Columns of the tile, which is also the width of a packed panel of the right operand.</summary>
    static abstract int Columns { get; }

    /// <summary>
    /// tile[Rows, Columns] = sum over i below <paramref name="k"/> of a[i, row] * b[i, column], plus the tile's old
    /// contents when <paramref name="add"/>. While it runs it asks for the panel <paramref name="ahead"/> floats behind a, the
    /// next that is read: processors foresee the lines of one panel, not the step to another. It need not be readable.
    /// </summary>
    static abstract void Run(int k, float* a, float* b, float* tile, bool add, nint ahead);
}
