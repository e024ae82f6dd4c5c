using System.Numerics;
using System.Runtime.Intrinsics;

namespace Crypson;

/// <summary>
/// Sum and squared deviations of each channel over a part of the batch: sums[part][channel][2], doubles. Two passes over
/// the part, as the one-pass form loses digits when the mean is large.
/// </summary>
internal readonly unsafe struct BatchNormStatisticsKernel(Storage x, Storage sums, BatchNormLayout layout) : IKernel
{
    public void Execute(int group)
    {
        var (part, firstImage, lastImage, firstChannel, lastChannel) = layout.Part(group);
        var images = x.Floats;
        var target = (double*)sums.Address + ((long)part * layout.Channels * 2);
        for (var channel = firstChannel; channel < lastChannel; channel++)
        {
            var (sum, squares) = (0.0, 0.0);
            for (var image = firstImage; image < lastImage; image++)
            {
                sum += Reduction.SumRun(images + layout.Start(image, channel), layout.Run);
            }

            var center = (float)(sum / ((lastImage - firstImage) * (double)layout.Run));
            for (var image = firstImage; image < lastImage; image++)
            {
                squares += Squares(images + layout.Start(image, channel), center);
            }

            target[2 * channel] = sum;
            target[(2 * channel) + 1] = squares;
        }
    }

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
}
