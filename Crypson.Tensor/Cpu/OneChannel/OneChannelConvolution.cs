using Crypson.Cpu.Products;

namespace Crypson.Cpu.OneChannel;

/// <summary>
/// Convolutions of images of one channel. As matrix products they would pack more than they multiply; here the patches
/// of a few output lines lie in the first-level cache, [tap][position], and every output channel goes over them.
/// </summary>
internal static unsafe class OneChannelConvolution
{
    /// <summary>Sums of products that are kept apart, so that several threads can add to the weight's gradient.</summary>
    private const int Parts = 32;

    /// <summary>y = convolution of x [Batch, 1, height, width] with weight, plus bias (null or [OutChannels]).</summary>
    public static void Forward(in ConvolutionShape s, float* x, float* weight, float* bias, float* y)
    {
        var kernel = new OneChannelForward(s, x, weight, bias, y);
        PackedProduct.Launch(kernel, kernel.Groups, (long)s.Batch * s.OutPositions * s.OutChannels * s.Taps);
    }

    /// <summary>
    /// dx of a convolution to one channel with stride 1, plus bias: a convolution of dy with the kernel turned round.
    /// False if the shape is another, or would need a negative padding.
    /// </summary>
    public static bool TryBackwardData(in ConvolutionShape s, float* dy, float* weight, float* bias, float* dx)
    {
        var paddingHeight = ((s.KernelHeight - 1) * s.DilationHeight) - s.PaddingHeight;
        var paddingWidth = ((s.KernelWidth - 1) * s.DilationWidth) - s.PaddingWidth;
        if (s.OutChannels != 1 || s.StrideHeight != 1 || s.StrideWidth != 1 || Math.Min(paddingHeight, paddingWidth) < 0)
        {
            return false;
        }

        var turned = ThreadScratch.Current.Floats(ScratchSlot.PackedRows, s.PatchSize);
        for (var i = 0; i < s.PatchSize; i++)
        {
            turned[i] = weight[(i / s.Taps * s.Taps) + s.Taps - 1 - (i % s.Taps)];
        }

        var turnedShape = s with
        {
            InChannels = 1,
            InHeight = s.OutHeight,
            InWidth = s.OutWidth,
            OutChannels = s.InChannels,
            OutHeight = s.InHeight,
            OutWidth = s.InWidth,
            PaddingHeight = paddingHeight,
            PaddingWidth = paddingWidth,
        };
        Forward(turnedShape, dy, turned, bias, dx);
        return true;
    }

    /// <summary>dWeight = gradient of <see cref="Forward"/> with respect to the weight.</summary>
    public static void BackwardWeight(in ConvolutionShape s, float* x, float* dy, float* dWeight)
    {
        var sums = (double*)ThreadScratch.Current.Bytes(ScratchSlot.Partials, (nint)Parts * s.OutChannels * s.Taps * sizeof(double));
        var kernel = new OneChannelWeightGradient(s, x, dy, sums, Parts);
        PackedProduct.Launch(kernel, Parts, (long)s.Batch * s.OutPositions * s.OutChannels * s.Taps);
        var count = s.OutChannels * s.Taps;
        for (var i = 0; i < count; i++)
        {
            var sum = 0.0;
            for (var part = 0; part < Parts; part++)
            {
                sum += sums[((nint)part * count) + i];
            }

            dWeight[i] = (float)sum;
        }
    }
}
