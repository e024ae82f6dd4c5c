using Crypson.Cpu;

namespace Crypson.Bench.Kernels;

/// <summary>One element of a convolution or of its gradients, summed directly in double precision.</summary>
internal static unsafe class ConvolutionReference
{
    public static (double Value, double Magnitude) Forward(in ConvolutionShape s, float* x, float* weight, long element)
    {
        var (ow, oh) = (element % s.OutWidth, element / s.OutWidth % s.OutHeight);
        var (oc, n) = (element / s.OutPositions % s.OutChannels, element / s.OutPositions / s.OutChannels);
        var sum = default(Sum);
        for (var ic = 0; ic < s.InChannels; ic++)
        {
            for (var tap = 0; tap < s.Taps; tap++)
            {
                var ih = oh * s.StrideHeight - s.PaddingHeight + tap / s.KernelWidth * s.DilationHeight;
                var iw = ow * s.StrideWidth - s.PaddingWidth + tap % s.KernelWidth * s.DilationWidth;
                if (ih >= 0 && ih < s.InHeight && iw >= 0 && iw < s.InWidth)
                {
                    sum.Add((double)x[((n * s.InChannels + ic) * s.InHeight + ih) * s.InWidth + iw] * weight[(oc * s.InChannels + ic) * s.Taps + tap]);
                }
            }
        }

        return (sum.Value, sum.Magnitude);
    }

    public static (double Value, double Magnitude) BackwardData(in ConvolutionShape s, float* dy, float* weight, long element)
    {
        var (iw, ih) = (element % s.InWidth, element / s.InWidth % s.InHeight);
        var plane = element / s.InWidth / s.InHeight;
        var (ic, n) = (plane % s.InChannels, plane / s.InChannels);
        var sum = default(Sum);
        for (var tap = 0; tap < s.Taps; tap++)
        {
            var y = ih + s.PaddingHeight - tap / s.KernelWidth * s.DilationHeight;
            var x = iw + s.PaddingWidth - tap % s.KernelWidth * s.DilationWidth;
            if (y < 0 || x < 0 || y % s.StrideHeight != 0 || x % s.StrideWidth != 0
                || y / s.StrideHeight >= s.OutHeight || x / s.StrideWidth >= s.OutWidth)
            {
                continue;
            }

            for (var oc = 0; oc < s.OutChannels; oc++)
            {
                var position = y / s.StrideHeight * s.OutWidth + x / s.StrideWidth;
                sum.Add((double)dy[(n * s.OutChannels + oc) * s.OutPositions + position] * weight[(oc * s.InChannels + ic) * s.Taps + tap]);
            }
        }

        return (sum.Value, sum.Magnitude);
    }

    public static (double Value, double Magnitude) BackwardWeight(in ConvolutionShape s, float* x, float* dy, long element)
    {
        var tap = element % s.Taps;
        var (ic, oc) = (element / s.Taps % s.InChannels, element / s.Taps / s.InChannels);
        var sum = default(Sum);
        for (var n = 0; n < s.Batch; n++)
        {
            for (var position = 0; position < s.OutPositions; position++)
            {
                var ih = position / s.OutWidth * s.StrideHeight - s.PaddingHeight + tap / s.KernelWidth * s.DilationHeight;
                var iw = position % s.OutWidth * s.StrideWidth - s.PaddingWidth + tap % s.KernelWidth * s.DilationWidth;
                if (ih >= 0 && ih < s.InHeight && iw >= 0 && iw < s.InWidth)
                {
                    sum.Add((double)x[((n * s.InChannels + ic) * s.InHeight + ih) * s.InWidth + iw] * dy[(n * s.OutChannels + oc) * s.OutPositions + position]);
                }
            }
        }

        return (sum.Value, sum.Magnitude);
    }

    private struct Sum
    {
        public double Value { get; private set; }

        public double Magnitude { get; private set; }

        public void Add(double term)
        {
            Value += term;
            Magnitude += Math.Abs(term);
        }
    }
}
