namespace Crypson.Nn;

/// <summary>Transposed convolution of images: [n, in, h, w] to [n, out, h', w'].</summary>
public sealed class ConvTranspose2d : Layer
{
    private readonly Size2 stride;
    private readonly Size2 padding;
    private readonly Size2 outputPadding;
    private readonly Size2 dilation;

    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="outChannels">Channels of the result.</param>
    /// <param name="kernel">Size of the window.</param>
    /// <param name="random">Draws the starting values.</param>
    /// <param name="stride">Step between windows of the result; 1 unless given.</param>
    /// <param name="padding">Rows and columns cut from every side of the result.</param>
    /// <param name="outputPadding">Rows and columns added below and right.</param>
    /// <param name="dilation">Step inside a window; 1 unless given.</param>
    /// <param name="bias">Whether a number per channel is added.</param>
    public ConvTranspose2d(
        int inChannels, int outChannels, Size2 kernel, Philox random, Size2? stride = null, Size2 padding = default, Size2 outputPadding = default,
        Size2? dilation = null, bool bias = true)
    {
        (this.stride, this.padding, this.outputPadding, this.dilation) = (stride ?? 1, padding, outputPadding, dilation ?? 1);

        // PyTorch takes the second axis of the weight as fan-in here too.
        var fanIn = outChannels * kernel.Height * kernel.Width;
        Weight = AddParameter("weight", Initialization.FanInUniform([inChannels, outChannels, kernel.Height, kernel.Width], fanIn, random));
        Bias = bias ? AddParameter("bias", Initialization.FanInUniform([outChannels], fanIn, random)) : null;
    }

    /// <summary>[in, out, kh, kw].</summary>
    public Tensor Weight { get; }

    /// <summary>[out], or none.</summary>
    public Tensor? Bias { get; }

    public override Tensor Forward(Tensor x) => x.ConvTranspose2d(Weight, Bias, stride, padding, outputPadding, dilation);

    internal override bool CanFuse(bool noGrad) => IsFrozen(noGrad, Weight, Bias);

    internal override bool Fuse(FusionBuilder builder) =>
        builder.ConvolutionTransposed(Weight, Bias, stride, padding, outputPadding, dilation);
}
