namespace Crypson.Cpu.Products;

/// <summary>
/// How a grid of positions reads an image through a window of taps: position q and tap t meet the source at
/// q * Stride + Start + t * Step, in each direction, and read zero outside of it. The forward pass, and each phase of
/// the gradient with respect to the input, is one such grid.
/// </summary>
internal readonly record struct PatchGeometry(
    int Batch,
    int Channels,
    int Height,
    int Width,
    int GridHeight,
    int GridWidth,
    int StrideHeight,
    int StrideWidth,
    int TapsHeight,
    int TapsWidth,
    int StartHeight,
    int StartWidth,
    int StepHeight,
    int StepWidth)
{
    /// <summary>Positions of one image.</summary>
    public int Positions => GridHeight * GridWidth;

    /// <summary>Taps of one channel.</summary>
    public int Taps => TapsHeight * TapsWidth;

    /// <summary>Elements of one source channel.</summary>
    public nint ChannelSize => (nint)Height * Width;

    /// <summary>Elements of one source image.</summary>
    public nint ImageSize => Channels * ChannelSize;
}
