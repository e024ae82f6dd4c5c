using System.Numerics;

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
    /// <exception cref="ArgumentException">The shapes do not fit, or one value per channel in training.</exception>
    public Tensor BatchNorm(
        Tensor weight, Tensor bias, Tensor runningMean, Tensor runningVariance, bool training, float momentum = 0.1f, float eps = 1e-5f)
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

        var layout = new ChannelLayout(Shape[0], channels, Shape.Product(2, Rank));
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

        Device.Launch(
            new BatchNormKernel(
                Storage, weight.Storage, bias.Storage, runningMean.Storage, runningVariance.Storage, mean.Storage, inverse.Storage, y.Storage,
                layout, training, momentum, eps),
            channels);
        return Record("batch norm", y, [this, weight, bias], dy =>
        {
            var (dx, dWeight, dBias) = (EmptyLike(), Empty([channels], Device), Empty([channels], Device));
            Device.Launch(
                new BatchNormGradientKernel(
                    Storage, dy.Storage, weight.Storage, mean.Storage, inverse.Storage, dx.Storage, dWeight.Storage, dBias.Storage, layout, training),
                channels);
            return [dx, dWeight, dBias];
        });
    }

    private readonly record struct ChannelLayout(int Batch, int Channels, int Run)
    {
        public int PerChannel => Batch * Run;

        public long Start(int image, int channel) => ((long)image * Channels + channel) * Run;
    }

    // One group per channel: its values fit the second-level cache, so the three passes read memory once.
    private readonly unsafe struct BatchNormKernel(
        Storage x, Storage weight, Storage bias, Storage runningMean, Storage runningVariance, Storage mean, Storage inverse, Storage y,
        ChannelLayout layout, bool training, float momentum, float eps) : IKernel
    {
        public void Execute(int group)
        {
            double center = runningMean.Floats[group];
            double variance = runningVariance.Floats[group];
            if (training)
            {
                center = Mean(group);
                variance = Variance(group, (float)center);
                var unbiased = variance * layout.PerChannel / (layout.PerChannel - 1);
                Blend(ref runningMean.Floats[group], center);
                Blend(ref runningVariance.Floats[group], unbiased);
            }

            var scale = (float)(1 / Math.Sqrt(variance + eps));
            mean.Floats[group] = (float)center;
            inverse.Floats[group] = scale;
            var (factor, shift) = (scale * weight.Floats[group], bias.Floats[group]);
            for (var image = 0; image < layout.Batch; image++)
            {
                var px = x.Floats + layout.Start(image, group);
                var py = y.Floats + layout.Start(image, group);
                var i = 0;
                for (; i <= layout.Run - Vector<float>.Count; i += Vector<float>.Count)
                {
                    Vector.Store(((Vector.Load(px + i) - new Vector<float>((float)center)) * factor) + new Vector<float>(shift), py + i);
                }

                for (; i < layout.Run; i++)
                {
                    py[i] = ((px[i] - (float)center) * factor) + shift;
                }
            }
        }

        private void Blend(ref float running, double batch) => running = (float)(((1 - (double)momentum) * running) + (momentum * batch));

        private double Mean(int channel)
        {
            var sum = 0.0;
            for (var image = 0; image < layout.Batch; image++)
            {
                sum += Reduction.SumRun(x.Floats + layout.Start(image, channel), layout.Run);
            }

            return sum / layout.PerChannel;
        }

        // Two passes: the one-pass form loses digits when the mean is large.
        private double Variance(int channel, float center)
        {
            var sum = 0.0;
            for (var image = 0; image < layout.Batch; image++)
            {
                var px = x.Floats + layout.Start(image, channel);
                Vector<float> squares = default;
                var i = 0;
                for (; i <= layout.Run - Vector<float>.Count; i += Vector<float>.Count)
                {
                    var d = Vector.Load(px + i) - new Vector<float>(center);
                    squares += d * d;
                }

                sum += Vector.Sum(squares);
                for (; i < layout.Run; i++)
                {
                    var d = (double)px[i] - center;
                    sum += d * d;
                }
            }

            return sum / layout.PerChannel;
        }
    }

    // dx = weight / std (dy - mean(dy) - xhat mean(dy xhat)) in training, weight / std dy otherwise.
    private readonly unsafe struct BatchNormGradientKernel(
        Storage x, Storage dy, Storage weight, Storage mean, Storage inverse, Storage dx, Storage dWeight, Storage dBias,
        ChannelLayout layout, bool training) : IKernel
    {
        public void Execute(int group)
        {
            var (center, scale) = (mean.Floats[group], inverse.Floats[group]);
            var (sum, product) = (0.0, 0.0);
            for (var image = 0; image < layout.Batch; image++)
            {
                var px = x.Floats + layout.Start(image, group);
                var pdy = dy.Floats + layout.Start(image, group);
                Vector<float> products = default;
                var i = 0;
                for (; i <= layout.Run - Vector<float>.Count; i += Vector<float>.Count)
                {
                    products += (Vector.Load(px + i) - new Vector<float>(center)) * Vector.Load(pdy + i);
                }

                product += Vector.Sum(products);
                for (; i < layout.Run; i++)
                {
                    product += ((double)px[i] - center) * pdy[i];
                }

                sum += Reduction.SumRun(pdy, layout.Run);
            }

            product *= scale;
            dWeight.Floats[group] = (float)product;
            dBias.Floats[group] = (float)sum;
            var meanDy = training ? (float)(sum / layout.PerChannel) : 0f;
            var slope = training ? (float)(product / layout.PerChannel * scale) : 0f;
            var factor = weight.Floats[group] * scale;
            for (var image = 0; image < layout.Batch; image++)
            {
                var px = x.Floats + layout.Start(image, group);
                var pdy = dy.Floats + layout.Start(image, group);
                var pdx = dx.Floats + layout.Start(image, group);
                var i = 0;
                for (; i <= layout.Run - Vector<float>.Count; i += Vector<float>.Count)
                {
                    var d = Vector.Load(px + i) - new Vector<float>(center);
                    Vector.Store((Vector.Load(pdy + i) - new Vector<float>(meanDy) - (d * slope)) * factor, pdx + i);
                }

                for (; i < layout.Run; i++)
                {
                    pdx[i] = (pdy[i] - meanDy - ((px[i] - center) * slope)) * factor;
                }
            }
        }
    }
}
