using Crypson.Cpu;
using Crypson.Kernels;

namespace Crypson;

/// <summary>The last step of a convolution's gradient when the input has few channels.</summary>
internal static partial class FoldColumnsKernels
{
    /// <summary>
    /// dx [n, ic, ih, iw] = bias + the sum of the columns that its outputs sent to it; columns are [(ic, kh, kw), (n, oh, ow)].
    /// </summary>
    /// <param name="bias">[InChannels]; read only with <paramref name="hasBias"/>.</param>
    [Kernel]
    internal static void FoldColumns(Index1D i, ConvolutionShape s, ArrayView<float> columns, ArrayView<float> bias, bool hasBias, ArrayView<float> dx)
    {
        var iw = i % s.InWidth;
        var ih = i / s.InWidth % s.InHeight;
        var ic = i / (s.InWidth * s.InHeight) % s.InChannels;
        var n = i / (s.InWidth * s.InHeight * s.InChannels);
        var sum = hasBias ? bias[ic] : 0f;
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
                    var line = (ic * s.KernelHeight + kh) * s.KernelWidth + kw;
                    sum += columns[((line * s.Batch + n) * s.OutHeight + oh) * s.OutWidth + ow];
                }
            }
        }

        dx[i] = sum;
    }
}
