namespace Crypson.Nn;

/// <summary>Convolution of images: [n, in, h, w] to [n, out, h', w'].</summary>
public sealed class Conv2d : Layer
{
    private readonly Size2 stride;
    private readonly Size2 padding;
    private readonly Size2 dilation;

    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="outChannels">Channels of the result.</param>
    /// <param name="kernel">Size of the window.</param>
    /// <param name="random">Draws the starting values.</param>
    /// <param name="stride">Step between windows; 1 unless given.</param>
    /// <param name="padding">Zeros around the image.</param>
    /// <param name="dilation">Step inside a window; 1 unless given.</param>
    /// <param name="bias">Whether a number per channel is added.</param>
    public Conv2d(
        int inChannels, int outChannels, Size2 kernel, Philox random, Size2? stride = null, Size2 padding = default, Size2? dilation = null,
        bool bias = true)
    {
        (this.stride, this.padding, this.dilation) = (stride ?? 1, padding, dilation ?? 1);
        var fanIn = inChannels * kernel.Height * kernel.Width;
        Weight = AddParameter("weight", Initialization.FanInUniform([outChannels, inChannels, kernel.Height, kernel.Width], fanIn, random));
        Bias = bias ? AddParameter("bias", Initialization.FanInUniform([outChannels], fanIn, random)) : null;
    }

    /// <summary>[out, in, kh, kw].</summary>
    public Tensor Weight { get; }

    /// <summary>[out], or none.</summary>
    public Tensor? Bias { get; }

    public override Tensor Forward(Tensor x) => x.Conv2d(Weight, Bias, stride, padding, dilation);

    internal override bool CanFuse(bool noGrad) => IsFrozen(noGrad, Weight, Bias);

    internal override bool Fuse(FusionBuilder builder) => builder.Convolution(Weight, Bias, stride, padding, dilation);
}
