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
            var device = new DeviceBatchNorm(this, weight, bias, mean, inverse, layout, training, relu);
            device.Forward(runningMean, runningVariance, momentum, eps, y);
            return Record("batch norm", y, [this, weight, bias], device.Backward);
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
}
