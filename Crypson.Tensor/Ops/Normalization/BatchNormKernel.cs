using System.Numerics;
using System.Runtime.Intrinsics;

namespace Crypson;

/// <summary>
/// A group normalises a few channels: their values fit the second-level cache, so the three passes read memory once.
/// </summary>
internal readonly unsafe struct BatchNormKernel(
    Storage x, Storage weight, Storage bias, Storage runningMean, Storage runningVariance, Storage mean, Storage inverse, Storage y,
    BatchNormLayout layout, bool training, bool relu, float momentum, float eps) : IKernel
{
    public void Execute(int group)
    {
        var first = group * layout.ChannelsPerGroup;
        var count = Math.Min(layout.ChannelsPerGroup, layout.Channels - first);
        var factors = stackalloc float[count];
        Statistics(first, count);
        for (var i = 0; i < count; i++)
        {
            factors[i] = inverse.Floats[first + i] * weight.Floats[first + i];
        }

        for (var image = 0; image < layout.Batch; image++)
        {
            var px = x.Floats + layout.Start(image, first);
            var py = y.Floats + layout.Start(image, first);
            for (var i = 0; i < count; i++, px += layout.Run, py += layout.Run)
            {
                Normalize(px, py, mean.Floats[first + i], factors[i], bias.Floats[first + i]);
            }
        }
    }

    // Fills mean and inverse; two passes, as the one-pass form loses digits when the mean is large.
    private void Statistics(int first, int count)
    {
        var sums = stackalloc double[count];
        for (var image = 0; training && image < layout.Batch; image++)
        {
            var px = x.Floats + layout.Start(image, first);
            for (var i = 0; i < count; i++, px += layout.Run)
            {
                sums[i] += Sum(px);
            }
        }

        for (var i = 0; i < count; i++)
        {
            mean.Floats[first + i] = training ? (float)(sums[i] / layout.PerChannel) : runningMean.Floats[first + i];
            (sums[i], var sum) = (0, sums[i]);
            if (training)
            {
                Blend(ref runningMean.Floats[first + i], sum / layout.PerChannel);
            }
        }

        for (var image = 0; training && image < layout.Batch; image++)
        {
            var px = x.Floats + layout.Start(image, first);
            for (var i = 0; i < count; i++, px += layout.Run)
            {
                sums[i] += Squares(px, mean.Floats[first + i]);
            }
        }

        for (var i = 0; i < count; i++)
        {
            double variance = runningVariance.Floats[first + i];
            if (training)
            {
                variance = sums[i] / layout.PerChannel;
                Blend(ref runningVariance.Floats[first + i], variance * layout.PerChannel / (layout.PerChannel - 1));
            }

            inverse.Floats[first + i] = (float)(1 / Math.Sqrt(variance + eps));
        }
    }

    private void Blend(ref float running, double batch) => running = (float)(((1 - (double)momentum) * running) + (momentum * batch));

    private double Sum(float* run) => layout.Run == Vector128<float>.Count ? Vector128.Sum(Vector128.Load(run)) : Reduction.SumRun(run, layout.Run);

    private double Squares(float* run, float center)
    {
        var sum = 0.0;
        var i = 0;
        while (i <= layout.Run - Vector<float>.Count)
        {
            Vector<float> squares = default;
            for (var stop = layout.StopOfShortSum(i); i < stop; i += Vector<float>.Count)
            {
                var d = Vector.Load(run + i) - new Vector<float>(center);
                squares += d * d;
            }

            sum += Vector.Sum(squares);
        }

        for (; i <= layout.Run - Vector128<float>.Count; i += Vector128<float>.Count)
        {
            var d = Vector128.Load(run + i) - Vector128.Create(center);
            sum += Vector128.Sum(d * d);
        }

        for (; i < layout.Run; i++)
        {
            var d = (double)run[i] - center;
            sum += d * d;
        }

        return sum;
    }

    private void Normalize(float* px, float* py, float center, float factor, float shift)
    {
        var i = 0;
        for (; i <= layout.Run - Vector<float>.Count; i += Vector<float>.Count)
        {
            var value = ((Vector.Load(px + i) - new Vector<float>(center)) * factor) + new Vector<float>(shift);
            Vector.Store(relu ? Vector.ConditionalSelect(Vector.LessThanOrEqual(value, Vector<float>.Zero), Vector<float>.Zero, value) : value, py + i);
        }

        for (; i <= layout.Run - Vector128<float>.Count; i += Vector128<float>.Count)
        {
            var value = ((Vector128.Load(px + i) - Vector128.Create(center)) * factor) + Vector128.Create(shift);
            (relu ? Vector128.ConditionalSelect(Vector128.LessThanOrEqual(value, Vector128<float>.Zero), Vector128<float>.Zero, value) : value).Store(py + i);
        }

        for (; i < layout.Run; i++)
        {
            var value = ((px[i] - center) * factor) + shift;
            py[i] = relu && value <= 0 ? 0 : value;
        }
    }
}
