namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>
    /// Batch normalisation (Ioffe, Szegedy 2015) of [n, c, ...]: per channel (x - mean) / √(variance + eps) · weight + bias.
    /// In training the batch's mean and biased variance are used, and the running statistics move towards the batch's mean
    /// and unbiased variance: running = (1 - momentum) running + momentum batch. Otherwise the running ones are used.
    /// </summary>
    /// <param name="weight">[c].</param>
    /// <param name="bias">[c].</param>
    /// <param name="runningMean">[c]; changed in place in training.</param>
    /// <param name="runningVariance">[c]; changed in place in training.</param>
    /// <param name="training">Whether to use the batch's statistics.</param>
    /// <param name="momentum">Share of the batch in the running statistics.</param>
    /// <param name="eps">Added to the variance.</param>
    /// <param name="relu">Whether max(y, 0) follows, in the same pass over memory.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or one value per channel in training.</exception>
    public Tensor BatchNorm(
        Tensor weight, Tensor bias, Tensor runningMean, Tensor runningVariance, bool training, float momentum = 0.1f, float eps = 1e-5f,
        bool relu = false)
    {
        if (Rank < 2)
        {
            throw new ArgumentException($"batch norm: input {Shape} must be [batch, channels, ...]");
        }

        var channels = Shape[1];
        foreach (var parameter in (ReadOnlySpan<Tensor>)[weight, bias, runningMean, runningVariance])
        {
            SameDevice("batch norm", this, parameter);
            if (parameter.Rank != 1 || parameter.Count != channels)
            {
                throw new ArgumentException($"batch norm: input {Shape} has {channels} channels, a parameter has shape {parameter.Shape}");
            }
        }

        var layout = new BatchNormLayout(Shape[0], channels, Shape.Product(2, Rank));
        if (training && layout.PerChannel <= 1)
        {
            throw new ArgumentException($"batch norm: training needs more than one value per channel, input is {Shape}");
        }

        var y = EmptyLike();
        var (mean, inverse) = (Empty([channels], Device), Empty([channels], Device));
        if (training)
        {
            using (NoGrad())
            {
                runningMean.RequireWritable("batch norm");
                runningVariance.RequireWritable("batch norm");
            }
        }

        if (Device is not CpuDevice)
        {
            LaunchBatchNorm(weight, bias, runningMean, runningVariance, mean, inverse, y, layout, training, momentum, eps, relu);
            return Record("batch norm", y, [this, weight, bias], dy => LaunchBatchNormGradient(weight, bias, mean, inverse, dy, layout, training, relu));
        }

        // Two doubles per part of the batch and channel.
        using var sums = Empty([layout.BatchParts, channels, 4], Device);
        if (training)
        {
            Device.Launch(new BatchNormStatisticsKernel(Storage, sums.Storage, layout), layout.Groups);
        }

        Device.Launch(
            new BatchNormMomentsKernel(
                sums.Storage, runningMean.Storage, runningVariance.Storage, mean.Storage, inverse.Storage, layout, training, momentum, eps),
            layout.ChannelGroups);
        Device.Launch(new BatchNormKernel(Storage, weight.Storage, bias.Storage, mean.Storage, inverse.Storage, y.Storage, layout, relu), layout.Groups);
        return Record("batch norm", y, [this, weight, bias], dy =>
        {
            var (dx, dWeight, dBias) = (Over(dy), Empty([channels], Device), Empty([channels], Device));
            using var parts = Empty([layout.BatchParts, channels, 4], Device);
            Device.Launch(
                new BatchNormGradientSumsKernel(
                    Storage, dy.Storage, weight.Storage, bias.Storage, mean.Storage, inverse.Storage, parts.Storage, layout, relu),
                layout.Groups);
            Device.Launch(new BatchNormGradientMomentsKernel(parts.Storage, inverse.Storage, dWeight.Storage, dBias.Storage, layout), layout.ChannelGroups);
            Device.Launch(
                new BatchNormGradientKernel(
                    Storage, dy.Storage, weight.Storage, bias.Storage, mean.Storage, inverse.Storage, dWeight.Storage, dBias.Storage, dx.Storage,
                    layout, training, relu),
                layout.Groups);
            return [dx, dWeight, dBias];
        });
    }

    private void LaunchBatchNorm(
        Tensor weight, Tensor bias, Tensor runningMean, Tensor runningVariance, Tensor mean, Tensor inverse, Tensor y, BatchNormLayout layout,
        bool training, float momentum, float eps, bool relu)
    {
        var split = BatchNormSplit.Of(layout, Device);
        var partials = training ? split.Partials : 1;
        using var means = Empty([partials, layout.Channels], Device);
        using var squares = Empty([partials, layout.Channels], Device);
        if (training && BatchNormSplit.HasLongRuns(layout, Device))
        {
            BatchNormKernels.LaunchBatchNormStatisticsOfRuns(Device, means.Count, split, View, means.View, squares.View);
        }
        else if (training)
        {
            BatchNormKernels.LaunchBatchNormStatistics(Device, means.Count, split, View, means.View, squares.View);
        }

        BatchNormKernels.LaunchBatchNormMoments(
            Device, layout.Channels, split, training, momentum, eps, means.View, squares.View, runningMean.View,
            runningVariance.View, mean.View, inverse.View);
        var piece = Pieces.Length(Device, layout.Run);
        BatchNormKernels.LaunchBatchNormForward(
            Device, layout.Batch * layout.Channels * Pieces.Divide(layout.Run, piece), layout.Channels, layout.Run, piece, relu, View, weight.View, bias.View,
            mean.View, inverse.View, y.View);
    }

    private Tensor[] LaunchBatchNormGradient(Tensor weight, Tensor bias, Tensor mean, Tensor inverse, Tensor dy, BatchNormLayout layout, bool training, bool relu)
    {
        var (dx, dWeight, dBias) = (Over(dy), Empty([layout.Channels], Device), Empty([layout.Channels], Device));
        var split = BatchNormSplit.Of(layout, Device);
        using var slopes = Empty([split.Partials, layout.Channels], Device);
        using var products = Empty([split.Partials, layout.Channels], Device);
        if (BatchNormSplit.HasLongRuns(layout, Device))
        {
            BatchNormKernels.LaunchBatchNormGradientSumsOfRuns(
                Device, slopes.Count, split, relu, View, dy.View, weight.View, bias.View, mean.View, inverse.View, slopes.View, products.View);
        }
        else
        {
            BatchNormKernels.LaunchBatchNormGradientSums(
                Device, slopes.Count, split, relu, View, dy.View, weight.View, bias.View, mean.View, inverse.View, slopes.View, products.View);
        }

        BatchNormKernels.LaunchBatchNormGradientMoments(
            Device, layout.Channels, layout.Channels, split.Partials, slopes.View, products.View, inverse.View, dWeight.View, dBias.View);
        var piece = Pieces.Length(Device, layout.Run);
        BatchNormKernels.LaunchBatchNormBackward(
            Device, layout.Batch * layout.Channels * Pieces.Divide(layout.Run, piece), layout.Channels, layout.Run, piece, relu,
            training ? 1f / layout.PerChannel : 0f, View, dy.View, weight.View, bias.View, mean.View, inverse.View, dWeight.View, dBias.View, dx.View);
        return [dx, dWeight, dBias];
    }
}
