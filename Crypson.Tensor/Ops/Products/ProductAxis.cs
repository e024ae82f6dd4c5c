namespace Crypson;

/// <summary>
/// An axis of a matrix whose elements lie somewhere in an array. Index i has three digits: the outer one moves by
/// <see cref="Step"/> elements, the middle one (of <see cref="Rows"/>) over rows of a window, the inner one (of
/// <see cref="Columns"/>) over its columns. In a convolution they are image and position, or channel and tap; a plain
/// matrix has the outer digit alone.
/// </summary>
internal readonly record struct ProductAxis(int Step, int Rows, int Columns, int StartY, int StepY, int StartX, int StepX)
{
    /// <summary>True when there is the outer digit alone, and it starts inside the window.</summary>
    public bool IsPlain => Rows == 1 && Columns == 1 && StartY == 0 && StartX == 0;

    /// <summary>True when indices 4i to 4i + 3 are neighbours, and the first of them adds a multiple of 4.</summary>
    /// <param name="width">The window's.</param>
    public bool HasFours(int width) => StartX % 4 == 0
        && (Rows == 1 && Columns == 1 ? Step == 1 : Columns % 4 == 0 && StepX == 1 && Step % 4 == 0 && width % 4 == 0);

    /// <summary>True when each index adds a multiple of 4, rows of the window aside.</summary>
    public bool KeepsFours => StartX % 4 == 0 && Step % 4 == 0 && (Columns == 1 || StepX % 4 == 0);

    /// <summary>Index i is element i * step.</summary>
    public static ProductAxis Plain(int step) => new(step, 1, 1, 0, 0, 0, 0);

    /// <summary>What index i adds to an element's place.</summary>
    public ProductPlace At(int i)
    {
        if (Columns == 1 && Rows == 1)
        {
            return new ProductPlace(i * Step, StartY, StartX);
        }

        var row = i / Columns;
        return new ProductPlace(row / Rows * Step, StartY + row % Rows * StepY, StartX + i % Columns * StepX);
    }
}
