using System.Numerics;
using System.Runtime.Intrinsics;

namespace Crypson;

/// <summary>
/// dx = weight / std (dy - mean(dy) - xhat mean(dy xhat)) in training, weight / std dy otherwise; the means are dBias and
/// dWeight over the number of values per channel.
/// </summary>
internal readonly unsafe struct BatchNormGradientKernel(
    Storage x, Storage dy, Storage weight, Storage bias, Storage mean, Storage inverse, Storage dWeight, Storage dBias, Storage dx,
    BatchNormLayout layout, bool training, bool relu) : IKernel
{
    public void Execute(int group)
    {
        var (_, firstImage, lastImage, firstChannel, lastChannel) = layout.Part(group);
        var means = mean.Floats;
        var inverses = inverse.Floats;
        var weights = weight.Floats;
        var shifts = bias.Floats;
        var px = x.Floats;
        var pdy = dy.Floats;
        var pdx = dx.Floats;
        var slopeSums = dBias.Floats;
        var products = dWeight.Floats;
        var scale = training ? 1f / layout.PerChannel : 0f;
        for (var image = firstImage; image < lastImage; image++)
        {
            for (var channel = firstChannel; channel < lastChannel; channel++)
            {
                var start = layout.Start(image, channel);
                var meanDy = slopeSums[channel] * scale;
                var slope = products[channel] * scale * inverses[channel];
                var sizes = new BatchNormChannel(means[channel], inverses[channel] * weights[channel], shifts[channel], relu);
                Propagate(sizes, px + start, pdy + start, pdx + start, meanDy, slope);
            }
        }
    }

    private void Propagate(in BatchNormChannel channel, float* px, float* pdy, float* pdx, float meanDy, float slope)
    {
        var i = 0;
        for (; i <= layout.Run - Vector<float>.Count; i += Vector<float>.Count)
        {
            var d = Vector.Load(px + i) - new Vector<float>(channel.Center);
            Vector.Store((channel.Masked(d, Vector.Load(pdy + i)) - new Vector<float>(meanDy) - (d * slope)) * channel.Factor, pdx + i);
        }

        for (; i <= layout.Run - Vector128<float>.Count; i += Vector128<float>.Count)
        {
            var d = Vector128.Load(px + i) - Vector128.Create(channel.Center);
            ((channel.Masked(d, Vector128.Load(pdy + i)) - Vector128.Create(meanDy) - (d * slope)) * channel.Factor).Store(pdx + i);
        }

        for (; i < layout.Run; i++)
        {
            var d = px[i] - channel.Center;
            pdx[i] = (channel.Masked(d, pdy[i]) - meanDy - (d * slope)) * channel.Factor;
        }
    }
}
