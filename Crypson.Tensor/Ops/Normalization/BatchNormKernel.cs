using System.Numerics;
using System.Runtime.Intrinsics;

namespace Crypson;

/// <summary>y = (x - mean) · inverse · weight + bias, with max(y, 0) after it if asked for.</summary>
internal readonly unsafe struct BatchNormKernel(
    Storage x, Storage weight, Storage bias, Storage mean, Storage inverse, Storage y, BatchNormLayout layout, bool relu) : IKernel
{
    public void Execute(int group)
    {
        var (_, firstImage, lastImage, firstChannel, lastChannel) = layout.Part(group);
        var means = mean.Floats;
        var inverses = inverse.Floats;
        var weights = weight.Floats;
        var shifts = bias.Floats;
        var px = x.Floats;
        var py = y.Floats;
        for (var image = firstImage; image < lastImage; image++)
        {
            for (var channel = firstChannel; channel < lastChannel; channel++)
            {
                var start = layout.Start(image, channel);
                Normalize(px + start, py + start, means[channel], inverses[channel] * weights[channel], shifts[channel]);
            }
        }
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
