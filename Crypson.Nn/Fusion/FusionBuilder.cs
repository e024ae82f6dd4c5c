using Crypson.Cpu.Inference;

namespace Crypson.Nn;

/// <summary>
/// Collects layers that can run as one <see cref="InferencePlan"/>. Each method adds a layer to those before it, or
/// returns false and changes nothing if it cannot be a part of the plan.
/// </summary>
internal sealed class FusionBuilder
{
    private readonly List<InferenceLayer> layers = [];
    private ImageSize size;
    private bool isImage;

    /// <param name="shape">Shape of the input, batch included: [n, features] or [n, channels, height, width].</param>
    public FusionBuilder(Shape shape)
    {
        isImage = shape.Rank == 4;
        size = isImage ? new ImageSize(shape[1], shape[2], shape[3]) : new ImageSize(shape[1], 1, 1);
    }

    /// <summary>The layers so far.</summary>
    public IReadOnlyList<InferenceLayer> Layers => layers;

    /// <summary>Sizes of the result's axes behind the batch.</summary>
    public int[] ResultSizes => isImage ? [size.Channels, size.Height, size.Width] : [size.Count];

    public bool Convolution(Tensor weight, Tensor? bias, Size2 stride, Size2 padding, Size2 dilation) =>
        isImage && weight.Shape[1] == size.Channels && Add(InferenceLayer.Convolution(size, weight, bias, stride, padding, dilation));

    public bool ConvolutionTransposed(Tensor weight, Tensor? bias, Size2 stride, Size2 padding, Size2 outputPadding, Size2 dilation) =>
        isImage && weight.Shape[0] == size.Channels
        && Add(InferenceLayer.ConvolutionTransposed(size, weight, bias, stride, padding, outputPadding, dilation));

    public bool Linear(Tensor weight, Tensor? bias) =>
        !isImage && weight.Shape[1] == size.Count && Add(InferenceLayer.Linear(size, weight, bias));

    public bool Norm(InferenceNorm norm)
    {
        if (!isImage || layers.Count == 0 || layers[^1] is not { Norm: null, Activation: FusedActivation.None } || norm.Weight.Count != size.Channels)
        {
            return false;
        }

        layers[^1] = layers[^1] with { Norm = norm };
        return true;
    }

    public bool Activation(FusedActivation activation, float slope)
    {
        if (layers.Count == 0 || layers[^1].Activation != FusedActivation.None)
        {
            return false;
        }

        layers[^1] = layers[^1] with { Activation = activation, Slope = slope };
        return true;
    }

    public bool Flatten()
    {
        isImage = false;
        return true;
    }

    public bool Unflatten(Shape shape)
    {
        if (isImage || shape.Rank != 3 || layers.Count == 0 || size.Positions != 1)
        {
            return false;
        }

        var image = new ImageSize(shape[0], shape[1], shape[2]);
        if (layers[^1].SplitInto(image) is not { } split)
        {
            return false;
        }

        (layers[^1], size, isImage) = (split, image, true);
        return true;
    }

    private bool Add(InferenceLayer layer)
    {
        if (layer.Output is not { Channels: > 0, Height: > 0, Width: > 0 } || layer.Parameters.Any(parameter => parameter.Device is not CpuDevice))
        {
            return false;
        }

        layers.Add(layer);
        size = layer.Output;
        return true;
    }
}
