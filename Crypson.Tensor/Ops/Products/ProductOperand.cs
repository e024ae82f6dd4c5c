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

    /// <summary>Where an element is, which must be inside the window.</summary>
    public int Offset(ProductPlace line, ProductPlace depth) => line.Offset + depth.Offset + (line.Y + depth.Y) * Width + line.X + depth.X;
}
