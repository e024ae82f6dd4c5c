using Crypson.Kernels;

namespace Crypson;

/// <summary>
/// Batch normalisation on a device. The way its sums are made, and with it their order, depends on the kind of device and
/// the shape alone.
/// </summary>
/// <param name="mean">[c]; what the values are centered by, found by the forward pass.</param>
/// <param name="inverse">[c]; 1 / √(variance + eps), found by the forward pass.</param>
/// <param name="variant">The way to make the sums; the device's own unless given.</param>
internal sealed class DeviceBatchNorm(
    Tensor x, Tensor weight, Tensor bias, Tensor mean, Tensor inverse, BatchNormLayout layout, bool training, bool relu, BatchNormVariant? variant = null)
{
    // So many neighbours that a group reads whole lines of memory.
    private const int LongRun = 16;

    private readonly Device device = x.Device;
    private readonly BatchNormVariant variant = variant ?? Choose(layout, x.Device);

    /// <summary>y; the running statistics are moved in training.</summary>
    public void Forward(Tensor runningMean, Tensor runningVariance, float momentum, float eps, Tensor y)
    {
        var split = BatchNormSplit.Of(layout, device, variant);
        var partials = training ? split.Partials : 1;
        using var means = Tensor.Empty([partials, layout.Channels], device);
        using var squares = Tensor.Empty([partials, layout.Channels], device);
        switch (variant)
        {
            case var _ when !training:
                break;
            case BatchNormVariant.Groups:
                BatchNormKernels.LaunchBatchNormStatisticsOfGroups(device, Groups(split), split, x.View, means.View, squares.View);
                break;
            case BatchNormVariant.Runs:
                BatchNormKernels.LaunchBatchNormStatisticsOfRuns(device, means.Count, split, x.View, means.View, squares.View);
                break;
            default:
                BatchNormKernels.LaunchBatchNormStatistics(device, means.Count, split, x.View, means.View, squares.View);
                break;
        }

        BatchNormKernels.LaunchBatchNormMoments(
            device, layout.Channels, split, training, momentum, eps, means.View, squares.View, runningMean.View, runningVariance.View, mean.View, inverse.View);
        var piece = Pieces.Length(device, layout.Run);
        BatchNormKernels.LaunchBatchNormForward(
            device, AllPieces(piece), layout.Channels, layout.Run, piece, relu, x.View, weight.View, bias.View, mean.View, inverse.View, y.View);
    }

    /// <summary>The gradients of x, weight and bias.</summary>
    public Tensor[] Backward(Tensor dy)
    {
        var (dx, dWeight, dBias) = (Tensor.Over(dy), Tensor.Empty([layout.Channels], device), Tensor.Empty([layout.Channels], device));
        var split = BatchNormSplit.Of(layout, device, variant);
        using var slopes = Tensor.Empty([split.Partials, layout.Channels], device);
        using var products = Tensor.Empty([split.Partials, layout.Channels], device);
        switch (variant)
        {
            case BatchNormVariant.Groups:
                BatchNormKernels.LaunchBatchNormGradientSumsOfGroups(
                    device, Groups(split), split, relu, x.View, dy.View, weight.View, bias.View, mean.View, inverse.View, slopes.View, products.View);
                break;
            case BatchNormVariant.Runs:
                BatchNormKernels.LaunchBatchNormGradientSumsOfRuns(
                    device, slopes.Count, split, relu, x.View, dy.View, weight.View, bias.View, mean.View, inverse.View, slopes.View, products.View);
                break;
            default:
                BatchNormKernels.LaunchBatchNormGradientSums(
                    device, slopes.Count, split, relu, x.View, dy.View, weight.View, bias.View, mean.View, inverse.View, slopes.View, products.View);
                break;
        }

        BatchNormKernels.LaunchBatchNormGradientMoments(
            device, layout.Channels, layout.Channels, split.Partials, slopes.View, products.View, inverse.View, dWeight.View, dBias.View);
        var piece = Pieces.Length(device, layout.Run);
        BatchNormKernels.LaunchBatchNormBackward(
            device, AllPieces(piece), layout.Channels, layout.Run, piece, relu, training ? 1f / layout.PerChannel : 0f,
            x.View, dy.View, weight.View, bias.View, mean.View, inverse.View, dWeight.View, dBias.View, dx.View);
        return [dx, dWeight, dBias];
    }

    private static BatchNormVariant Choose(BatchNormLayout layout, Device device) => (Pieces.AreLong(device), layout.Run >= LongRun) switch
    {
        (true, true) => BatchNormVariant.Runs,
        (false, true) => BatchNormVariant.Groups,
        _ => BatchNormVariant.Lanes,
    };

    private static KernelConfig Groups(in BatchNormSplit split) => new((split.Channels, split.Parts, 1), (GroupTree.Size, 1, 1));

    private int AllPieces(int piece) => layout.Batch * layout.Channels * Pieces.Divide(layout.Run, piece);
}
