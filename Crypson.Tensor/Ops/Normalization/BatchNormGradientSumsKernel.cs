using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Crypson;

/// <summary>Sums of dy and of dy (x - mean) of each channel over a part of the batch: sums[part][channel][2], doubles.</summary>
internal readonly unsafe struct BatchNormGradientSumsKernel(
    Storage x, Storage dy, Storage weight, Storage bias, Storage mean, Storage inverse, Storage sums, BatchNormLayout layout, bool relu) : IKernel
{
    public void Execute(int group)
    {
        var (part, firstImage, lastImage, firstChannel, lastChannel) = layout.Part(group);
        var means = mean.Floats;
        var inverses = inverse.Floats;
        var weights = weight.Floats;
        var shifts = bias.Floats;
        var px = x.Floats;
        var pdy = dy.Floats;
        var target = (double*)sums.Address + ((long)part * layout.Channels * 2);
        new Span<double>(target + (2 * firstChannel), 2 * (lastChannel - firstChannel)).Clear();
        for (var image = firstImage; image < lastImage; image++)
        {
            for (var channel = firstChannel; channel < lastChannel; channel++)
            {
                var start = layout.Start(image, channel);
                var sizes = new BatchNormChannel(means[channel], inverses[channel] * weights[channel], shifts[channel], relu);
                AddSums(sizes, px + start, pdy + start, ref target[2 * channel], ref target[(2 * channel) + 1]);
            }
        }
    }

    private void AddSums(in BatchNormChannel channel, float* px, float* pdy, ref double sum, ref double product)
    {
        var i = 0;
        while (i <= layout.Run - Vector<float>.Count)
        {
            // Two of each, so that an addition need not wait for the one before it.
            Vector<float> sums = default, products = default, otherSums = default, otherProducts = default;
            var stop = layout.StopOfShortSum(i);
            for (; i <= stop - (2 * Vector<float>.Count); i += 2 * Vector<float>.Count)
            {
                Add(channel, px + i, pdy + i, ref sums, ref products);
                Add(channel, px + i + Vector<float>.Count, pdy + i + Vector<float>.Count, ref otherSums, ref otherProducts);
            }

            for (; i < stop; i += Vector<float>.Count)
            {
                Add(channel, px + i, pdy + i, ref sums, ref products);
            }

            sum += Vector.Sum(sums + otherSums);
            product += Vector.Sum(products + otherProducts);
        }

        for (; i <= layout.Run - Vector128<float>.Count; i += Vector128<float>.Count)
        {
            var d = Vector128.Load(px + i) - Vector128.Create(channel.Center);
            var slope = channel.Masked(d, Vector128.Load(pdy + i));
            sum += Vector128.Sum(slope);
            product += Vector128.Sum(d * slope);
        }

        for (; i < layout.Run; i++)
        {
            var d = px[i] - channel.Center;
            var slope = channel.Masked(d, pdy[i]);
            sum += slope;
            product += (double)d * slope;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(in BatchNormChannel channel, float* px, float* pdy, ref Vector<float> sums, ref Vector<float> products)
    {
        var d = Vector.Load(px) - new Vector<float>(channel.Center);
        var slope = channel.Masked(d, Vector.Load(pdy));
        sums += slope;
        products += d * slope;
    }
}
