using Crypson.Cpu;
using Crypson.Kernels;

namespace Crypson;

/// <summary>
/// Convolutions on devices, one result per work-item: the plain form that faster ones are compared with. Sums are taken in
/// two steps, so that their errors do not grow with the whole length.
/// </summary>
internal static partial class NaiveConvolutionKernels
{
    /// <summary>y = convolution of x with weight, plus bias.</summary>
    /// <param name="bias">[OutChannels]; read only with <paramref name="hasBias"/>.</param>
    [Kernel]
    internal static void ConvolutionForward(
        Index1D i, ConvolutionShape s, ArrayView<float> x, ArrayView<float> weight, ArrayView<float> bias, bool hasBias, ArrayView<float> y)
    {
        var ow = i % s.OutWidth;
        var oh = i / s.OutWidth % s.OutHeight;
        var oc = i / (s.OutWidth * s.OutHeight) % s.OutChannels;
        var n = i / (s.OutWidth * s.OutHeight * s.OutChannels);
        var sum = hasBias ? bias[oc] : 0f;
        for (var ic = 0; ic < s.InChannels; ic++)
        {
            var channel = 0f;
            for (var kh = 0; kh < s.KernelHeight; kh++)
            {
                var ih = oh * s.StrideHeight - s.PaddingHeight + kh * s.DilationHeight;
                for (var kw = 0; kw < s.KernelWidth; kw++)
                {
                    var iw = ow * s.StrideWidth - s.PaddingWidth + kw * s.DilationWidth;
                    if (ih >= 0 && ih < s.InHeight && iw >= 0 && iw < s.InWidth)
                    {
                        channel = MathF.FusedMultiplyAdd(
                            x[((n * s.InChannels + ic) * s.InHeight + ih) * s.InWidth + iw],
                            weight[((oc * s.InChannels + ic) * s.KernelHeight + kh) * s.KernelWidth + kw],
                            channel);
                    }
                }
            }

            sum += channel;
        }

        y[i] = sum;
    }

    /// <summary>dx = gradient of the convolution with respect to x, plus bias: each element gathers from the outputs that it reached.</summary>
    /// <param name="bias">[InChannels]; read only with <paramref name="hasBias"/>.</param>
    [Kernel]
    internal static void ConvolutionBackwardData(
        Index1D i, ConvolutionShape s, ArrayView<float> dy, ArrayView<float> weight, ArrayView<float> bias, bool hasBias, ArrayView<float> dx)
    {
        var iw = i % s.InWidth;
        var ih = i / s.InWidth % s.InHeight;
        var ic = i / (s.InWidth * s.InHeight) % s.InChannels;
        var n = i / (s.InWidth * s.InHeight * s.InChannels);
        var sum = hasBias ? bias[ic] : 0f;
        for (var oc = 0; oc < s.OutChannels; oc++)
        {
            var channel = 0f;
            for (var kh = 0; kh < s.KernelHeight; kh++)
            {
                var row = ih + s.PaddingHeight - kh * s.DilationHeight;
                var oh = row / s.StrideHeight;
                for (var kw = 0; kw < s.KernelWidth; kw++)
                {
                    var column = iw + s.PaddingWidth - kw * s.DilationWidth;
                    var ow = column / s.StrideWidth;
                    if (row >= 0 && column >= 0 && oh * s.StrideHeight == row && ow * s.StrideWidth == column && oh < s.OutHeight && ow < s.OutWidth)
                    {
                        channel = MathF.FusedMultiplyAdd(
                            dy[((n * s.OutChannels + oc) * s.OutHeight + oh) * s.OutWidth + ow],
                            weight[((oc * s.InChannels + ic) * s.KernelHeight + kh) * s.KernelWidth + kw],
                            channel);
                    }
                }
            }

            sum += channel;
        }

        dx[i] = sum;
    }

    /// <summary>dWeight = gradient of the convolution with respect to the weight.</summary>
    [Kernel]
    internal static void ConvolutionBackwardWeight(Index1D i, ConvolutionShape s, ArrayView<float> x, ArrayView<float> dy, ArrayView<float> dWeight)
    {
        var kw = i % s.KernelWidth;
        var kh = i / s.KernelWidth % s.KernelHeight;
        var ic = i / (s.KernelWidth * s.KernelHeight) % s.InChannels;
        var oc = i / (s.KernelWidth * s.KernelHeight * s.InChannels);
        var sum = 0f;
        for (var n = 0; n < s.Batch; n++)
        {
            var image = 0f;
            for (var oh = 0; oh < s.OutHeight; oh++)
            {
                var ih = oh * s.StrideHeight - s.PaddingHeight + kh * s.DilationHeight;
                for (var ow = 0; ow < s.OutWidth; ow++)
                {
                    var iw = ow * s.StrideWidth - s.PaddingWidth + kw * s.DilationWidth;
                    if (ih >= 0 && ih < s.InHeight && iw >= 0 && iw < s.InWidth)
                    {
                        image = MathF.FusedMultiplyAdd(
                            x[((n * s.InChannels + ic) * s.InHeight + ih) * s.InWidth + iw],
                            dy[((n * s.OutChannels + oc) * s.OutHeight + oh) * s.OutWidth + ow],
                            image);
                    }
                }
            }

            sum += image;
        }

        dWeight[i] = sum;
    }
}
