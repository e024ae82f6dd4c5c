using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Crypson;

/// <summary>
/// dx = weight / std (dy - mean(dy) - xhat mean(dy xhat)) in training, weight / std dy otherwise. With ReLU, dy counts
/// where the result, computed again, was positive.
/// </summary>
internal readonly unsafe struct BatchNormGradientKernel(
    Storage x, Storage dy, Storage weight, Storage bias, Storage mean, Storage inverse, Storage dx, Storage dWeight, Storage dBias,
    BatchNormLayout layout, bool training, bool relu) : IKernel
{
    public void Execute(int group)
    {
        var first = group * layout.ChannelsPerGroup;
        var count = Math.Min(layout.ChannelsPerGroup, layout.Channels - first);
        var sums = stackalloc double[count];
        var products = stackalloc double[count];
        for (var image = 0; image < layout.Batch; image++)
        {
            var start = layout.Start(image, first);
            for (var i = 0; i < count; i++, start += layout.Run)
            {
                AddSums(At(first + i), x.Floats + start, dy.Floats + start, ref sums[i], ref products[i]);
            }
        }

        for (var i = 0; i < count; i++)
        {
            products[i] *= inverse.Floats[first + i];
            dWeight.Floats[first + i] = (float)products[i];
            dBias.Floats[first + i] = (float)sums[i];
        }

        for (var image = 0; image < layout.Batch; image++)
        {
            var start = layout.Start(image, first);
            for (var i = 0; i < count; i++, start += layout.Run)
            {
                var meanDy = training ? (float)(sums[i] / layout.PerChannel) : 0f;
                var slope = training ? (float)(products[i] / layout.PerChannel * inverse.Floats[first + i]) : 0f;
                Propagate(At(first + i), x.Floats + start, dy.Floats + start, dx.Floats + start, meanDy, slope);
            }
        }
    }

    // Sums of dy and of dy (x - mean).
    private void AddSums(in Channel channel, float* px, float* pdy, ref double sum, ref double product)
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
            var slope = Masked(channel, d, Vector128.Load(pdy + i));
            sum += Vector128.Sum(slope);
            product += Vector128.Sum(d * slope);
        }

        for (; i < layout.Run; i++)
        {
            var d = px[i] - channel.Center;
            var slope = Masked(channel, d, pdy[i]);
            sum += slope;
            product += (double)d * slope;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(in Channel channel, float* px, float* pdy, ref Vector<float> sums, ref Vector<float> products)
    {
        var d = Vector.Load(px) - new Vector<float>(channel.Center);
        var slope = Masked(channel, d, Vector.Load(pdy));
        sums += slope;
        products += d * slope;
    }

    private void Propagate(in Channel channel, float* px, float* pdy, float* pdx, float meanDy, float slope)
    {
        var i = 0;
        for (; i <= layout.Run - Vector<float>.Count; i += Vector<float>.Count)
        {
            var d = Vector.Load(px + i) - new Vector<float>(channel.Center);
            Vector.Store((Masked(channel, d, Vector.Load(pdy + i)) - new Vector<float>(meanDy) - (d * slope)) * channel.Factor, pdx + i);
        }

        for (; i <= layout.Run - Vector128<float>.Count; i += Vector128<float>.Count)
        {
            var d = Vector128.Load(px + i) - Vector128.Create(channel.Center);
            ((Masked(channel, d, Vector128.Load(pdy + i)) - Vector128.Create(meanDy) - (d * slope)) * channel.Factor).Store(pdx + i);
        }

        for (; i < layout.Run; i++)
        {
            var d = px[i] - channel.Center;
            pdx[i] = (Masked(channel, d, pdy[i]) - meanDy - (d * slope)) * channel.Factor;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector<float> Masked(in Channel channel, Vector<float> d, Vector<float> slope) => relu
        ? Vector.ConditionalSelect(
            Vector.LessThanOrEqual((d * channel.Factor) + new Vector<float>(channel.Shift), Vector<float>.Zero), Vector<float>.Zero, slope)
        : slope;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<float> Masked(in Channel channel, Vector128<float> d, Vector128<float> slope) => relu
        ? Vector128.ConditionalSelect(
            Vector128.LessThanOrEqual((d * channel.Factor) + Vector128.Create(channel.Shift), Vector128<float>.Zero), Vector128<float>.Zero, slope)
        : slope;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Masked(in Channel channel, float d, float slope) => relu && (d * channel.Factor) + channel.Shift <= 0 ? 0 : slope;

    private Channel At(int index) => new(mean.Floats[index], inverse.Floats[index] * weight.Floats[index], bias.Floats[index]);

    // What the result was computed from: (x - Center) Factor + Shift.
    private readonly record struct Channel(float Center, float Factor, float Shift);
}
