namespace Crypson.Cpu.Inference;

/// <summary>
/// One stage of an <see cref="InferencePlan"/>: a convolution or a transposed one, then a batch norm by running statistics,
/// then an element-wise function. A linear layer is a convolution whose kernel covers the whole image, or, where its result is
/// split into an image, a transposed one of a single pixel.
/// </summary>
/// <param name="Shape">The convolution; a transposed one as the convolution whose input gradient it is. Batch is not used.</param>
/// <param name="Transposed">Whether this is that gradient.</param>
/// <param name="Weight">The weights.</param>
/// <param name="OutStride">Floats from the weight of one channel of the result to the next.</param>
/// <param name="InStride">Floats from the weight of one channel of the input to the next.</param>
/// <param name="TapStride">Floats from the weight of one tap to the next.</param>
/// <param name="Bias">Null, one per channel of the result, or one per channel and position.</param>
internal sealed record InferenceLayer(
    ConvolutionShape Shape, bool Transposed, Tensor Weight, int OutStride, int InStride, int TapStride, Tensor? Bias)
{
    public InferenceNorm? Norm { get; init; }

    public FusedActivation Activation { get; init; }

    /// <summary>Slope of a leaky ReLU.</summary>
    public float Slope { get; init; }

    public ImageSize Input => Transposed
        ? new(Shape.OutChannels, Shape.OutHeight, Shape.OutWidth)
        : new(Shape.InChannels, Shape.InHeight, Shape.InWidth);

    public ImageSize Output => Transposed
        ? new(Shape.InChannels, Shape.InHeight, Shape.InWidth)
        : new(Shape.OutChannels, Shape.OutHeight, Shape.OutWidth);

    /// <summary>What the packed weights are made of.</summary>
    public IEnumerable<Tensor> Parameters => ((Tensor?[])[Weight, Bias, Norm?.Weight, Norm?.Bias, Norm?.Mean, Norm?.Variance]).OfType<Tensor>();

    /// <summary>A convolution of images.</summary>
    public static InferenceLayer Convolution(ImageSize input, Tensor weight, Tensor? bias, Size2 stride, Size2 padding, Size2 dilation)
    {
        var (height, width) = (weight.Shape[2], weight.Shape[3]);
        var shape = new ConvolutionShape(
            1, input.Channels, input.Height, input.Width, weight.Shape[0],
            Convolved(input.Height, height, stride.Height, padding.Height, dilation.Height),
            Convolved(input.Width, width, stride.Width, padding.Width, dilation.Width),
            height, width, stride.Height, stride.Width, padding.Height, padding.Width, dilation.Height, dilation.Width);
        return new InferenceLayer(shape, false, weight, shape.PatchSize, shape.Taps, 1, bias);
    }

    /// <summary>A transposed convolution of images.</summary>
    public static InferenceLayer ConvolutionTransposed(
        ImageSize input, Tensor weight, Tensor? bias, Size2 stride, Size2 padding, Size2 outputPadding, Size2 dilation)
    {
        var (height, width) = (weight.Shape[2], weight.Shape[3]);
        var shape = new ConvolutionShape(
            1, weight.Shape[1],
            ((input.Height - 1) * stride.Height) - (2 * padding.Height) + (dilation.Height * (height - 1)) + outputPadding.Height + 1,
            ((input.Width - 1) * stride.Width) - (2 * padding.Width) + (dilation.Width * (width - 1)) + outputPadding.Width + 1,
            input.Channels, input.Height, input.Width,
            height, width, stride.Height, stride.Width, padding.Height, padding.Width, dilation.Height, dilation.Width);
        return new InferenceLayer(shape, true, weight, shape.Taps, shape.PatchSize, 1, bias);
    }

    /// <summary>A linear layer over all of an image.</summary>
    public static InferenceLayer Linear(ImageSize input, Tensor weight, Tensor? bias)
    {
        var shape = new ConvolutionShape(
            1, input.Channels, input.Height, input.Width, weight.Shape[0], 1, 1, input.Height, input.Width, 1, 1, 0, 0, 1, 1);
        return new InferenceLayer(shape, false, weight, shape.PatchSize, shape.Taps, 1, bias);
    }

    /// <summary>The same linear layer with its result split into an image; null if this is none or the sizes do not fit.</summary>
    public InferenceLayer? SplitInto(ImageSize image)
    {
        if (Transposed || Weight.Rank != 2 || Norm is not null || image.Count != Output.Count || Input.Positions != 1)
        {
            return null;
        }

        var shape = new ConvolutionShape(
            1, image.Channels, image.Height, image.Width, Input.Channels, 1, 1, image.Height, image.Width, 1, 1, 0, 0, 1, 1);
        return this with { Shape = shape, Transposed = true, OutStride = image.Positions * Input.Channels, InStride = 1, TapStride = Input.Channels };
    }

    private static int Convolved(int size, int kernel, int stride, int padding, int dilation) =>
        ((size + (2 * padding) - (dilation * (kernel - 1)) - 1) / stride) + 1;
}
