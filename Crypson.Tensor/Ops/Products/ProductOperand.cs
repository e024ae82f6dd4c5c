namespace Crypson;

/// <summary>
/// A matrix as a product sees it. The place of an element is the sum of what its two indices add; outside a window of
/// <see cref="Height"/> x <see cref="Width"/> it is 0. Patches of images are such a matrix, and are never stored.
/// </summary>
/// <param name="Lines">The axis that stays: rows of the left operand, columns of the right one.</param>
/// <param name="Depth">The axis that is summed; in a result, its columns.</param>
/// <param name="BatchStep">Elements from one matrix of a batch to the next.</param>
internal readonly record struct ProductOperand(ProductAxis Lines, ProductAxis Depth, int Height, int Width, int BatchStep)
{
    /// <summary>A matrix without a window.</summary>
    public static ProductOperand Matrix(int lineStep, int depthStep, int batchStep = 0) =>
        new(ProductAxis.Plain(lineStep), ProductAxis.Plain(depthStep), 1, 1, batchStep);

    /// <summary>The same matrix with its axes exchanged.</summary>
    public ProductOperand Transposed => this with { Lines = Depth, Depth = Lines };

    /// <summary>True when elements along a line are neighbours in memory and none is outside the window.</summary>
    public bool DepthIsContiguous => Lines.IsPlain && Depth.IsPlain && Depth.Step == 1;

    /// <summary>True when runs of neighbours in memory are longer along a line than from line to line.</summary>
    public bool ReadsAlongDepth => DepthIsContiguous || Depth.Columns > Lines.Columns;

    /// <summary>
    /// True when elements 4i to 4i + 3 along an axis are always four neighbours in memory that begin at a multiple of 4, and all of
    /// them are inside the window or none.
    /// </summary>
    /// <param name="alongDepth">The axis: the depth, or the lines.</param>
    /// <param name="count">The elements along it.</param>
    /// <param name="offset">Where the operand begins.</param>
    public bool HasFours(bool alongDepth, int count, long offset)
    {
        var (along, across) = alongDepth ? (Depth, Lines) : (Lines, Depth);
        return count % 4 == 0 && offset % 4 == 0 && BatchStep % 4 == 0 && along.HasFours(Width) && across.KeepsFours && (Height == 1 || Width % 4 == 0);
    }

    /// <summary>Where an element is, which must be inside the window.</summary>
    public int Offset(ProductPlace line, ProductPlace depth) => line.Offset + depth.Offset + (line.Y + depth.Y) * Width + line.X + depth.X;
}
