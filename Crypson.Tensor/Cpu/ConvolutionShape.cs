namespace Crypson.Cpu;

/// <summary>
/// Shape of a two-dimensional convolution: x [Batch, InChannels, InHeight, InWidth], weight [OutChannels, InChannels,
/// KernelHeight, KernelWidth], y [Batch, OutChannels, OutHeight, OutWidth]. Output position o and tap t meet at input
/// position o * Stride - Padding + t * Dilation.
/// </summary>
internal readonly record struct ConvolutionShape(
    int Batch,
    int InChannels,
    int InHeight,
    int InWidth,
    int OutChannels,
    int OutHeight,
    int OutWidth,
    int KernelHeight,
    int KernelWidth,
    int StrideHeight,
    int StrideWidth,
    int PaddingHeight,
    int PaddingWidth,
    int DilationHeight,
    int DilationWidth)
{
    /// <summary>Taps of one channel.</summary>
    public int Taps => KernelHeight * KernelWidth;

    /// <summary>Elements that one output element is summed from.</summary>
    public int PatchSize => InChannels * Taps;

    /// <summary>Output positions of one image.</summary>
    public int OutPositions => OutHeight * OutWidth;

    /// <summary>Whether the kernel covers the whole input and there is one output position: a matrix product.</summary>
    public bool IsMatrixProduct =>
        OutPositions == 1 && PaddingHeight == 0 && PaddingWidth == 0 && KernelHeight == InHeight && KernelWidth == InWidth
        && DilationHeight == 1 && DilationWidth == 1;
}
