using Crypson.Cpu.OneChannel;
using Crypson.Cpu.Products;
using Crypson.Cpu.Winograd;

namespace Crypson.Cpu;

/// <summary>
/// Two-dimensional convolution and its gradients as matrix products over implicit patches. The batch is part of the
/// product, nothing is unrolled in memory, and each result is written once.
/// </summary>
internal static unsafe class Convolution
{
    /// <summary>y = convolution of x with weight, plus bias (null or [OutChannels]).</summary>
    public static void Forward(in ConvolutionShape s, float* x, float* weight, float* bias, float* y)
    {
        if (s.IsMatrixProduct)
        {
            Gemm.Multiply(
                s.Batch, s.OutChannels, s.PatchSize, x, s.PatchSize, 1, weight, 1, s.PatchSize, y, s.OutChannels, columnBias: bias);
            return;
        }

        if (s.InChannels == 1)
        {
            OneChannelConvolution.Forward(s, x, weight, bias, y);
            return;
        }

        if (WinogradConvolution.TryForward(s, x, weight, bias, y))
        {
            return;
        }

        // y[oc, (n, oh, ow)] = W[oc, (ic, kh, kw)] * patches[(ic, kh, kw), (n, oh, ow)]
        PackedProduct.Run(
            s.OutChannels,
            s.Batch * s.OutPositions,
            s.PatchSize,
            new MatrixOperand(weight, s.PatchSize, 1),
            new PatchesByPosition(x, ForwardGeometry(s)),
            new ImageWriter(y, s.OutChannels, s.OutHeight, s.OutWidth, PhaseAxis.Whole(s.OutHeight), PhaseAxis.Whole(s.OutWidth), bias));
    }

    /// <summary>
    /// dx = gradient of <see cref="Forward"/> with respect to x, plus bias (null or [InChannels]). With a bias this is
    /// the forward pass of a transposed convolution. Every element of dx is written.
    /// </summary>
    public static void BackwardData(in ConvolutionShape s, float* dy, float* weight, float* bias, float* dx)
    {
        if (s.IsMatrixProduct)
        {
            Gemm.Multiply(
                s.Batch, s.PatchSize, s.OutChannels, dy, s.OutChannels, 1, weight, s.PatchSize, 1, dx, s.PatchSize, columnBias: RepeatBias(s, bias));
            return;
        }

        if (OneChannelConvolution.TryBackwardData(s, dy, weight, bias, dx))
        {
            return;
        }

        if (ColumnsToImage.Suits(s))
        {
            var kernel = new ColumnsToImage(s, dy, weight, bias, dx);
            Workers.Run(kernel, kernel.Groups);
            return;
        }

        if (WinogradConvolution.TryBackwardData(s, dy, weight, bias, dx))
        {
            return;
        }

        for (var y = 0; y < Math.Min(s.StrideHeight, s.InHeight); y++)
        {
            for (var x = 0; x < Math.Min(s.StrideWidth, s.InWidth); x++)
            {
                BackwardDataPhase(s, dy, weight, bias, dx, y, x);
            }
        }
    }

    /// <summary>dWeight = gradient of <see cref="Forward"/> with respect to the weight.</summary>
    public static void BackwardWeight(in ConvolutionShape s, float* x, float* dy, float* dWeight)
    {
        var positions = s.Batch * s.OutPositions;
        if (s.IsMatrixProduct)
        {
            Gemm.Multiply(s.OutChannels, s.PatchSize, s.Batch, dy, 1, s.OutChannels, x, s.PatchSize, 1, dWeight, s.PatchSize);
            return;
        }

        if (s.InChannels == 1)
        {
            OneChannelConvolution.BackwardWeight(s, x, dy, dWeight);
            return;
        }

        if (WeightGradientByTap.TryRun(s, x, dy, dWeight) || WinogradConvolution.TryBackwardWeight(s, x, dy, dWeight))
        {
            return;
        }

        // dW[oc, (ic, kh, kw)] = dy[oc, (n, oh, ow)] * patches[(n, oh, ow), (ic, kh, kw)], or the transpose of it,
        // whichever fills the tiles better.
        var channels = new ChannelOperand(dy, s.OutChannels, s.OutPositions);
        var patches = new PatchesByTap(x, ForwardGeometry(s));
        if (Gemm.PrefersTranspose(s.OutChannels, s.PatchSize))
        {
            PackedProduct.Run(
                s.PatchSize, s.OutChannels, positions, patches, channels, new MatrixWriter(dWeight, 1, s.PatchSize, null, null, false));
        }
        else
        {
            PackedProduct.Run(
                s.OutChannels, s.PatchSize, positions, channels, patches, new MatrixWriter(dWeight, s.PatchSize, 1, null, null, false));
        }
    }

    // The input positions of one phase, every Stride-th in each direction, are reached by the same taps: a convolution
    // of dy with stride 1 and a part of the kernel.
    private static void BackwardDataPhase(in ConvolutionShape s, float* dy, float* weight, float* bias, float* dx, int y, int x)
    {
        var vertical = PhaseAxis.Of(y, s.InHeight, s.KernelHeight, s.StrideHeight, s.PaddingHeight, s.DilationHeight);
        var horizontal = PhaseAxis.Of(x, s.InWidth, s.KernelWidth, s.StrideWidth, s.PaddingWidth, s.DilationWidth);
        var geometry = new PatchGeometry(
            s.Batch,
            s.OutChannels,
            s.OutHeight,
            s.OutWidth,
            vertical.Count,
            horizontal.Count,
            1,
            1,
            vertical.Taps,
            horizontal.Taps,
            vertical.Start,
            horizontal.Start,
            vertical.Advance,
            horizontal.Advance);
        PackedProduct.Run(
            s.InChannels,
            s.Batch * geometry.Positions,
            s.OutChannels * geometry.Taps,
            new PhaseWeights(weight, s.InChannels, s.KernelHeight, s.KernelWidth, vertical, horizontal),
            new PatchesByPosition(dy, geometry),
            new ImageWriter(dx, s.InChannels, s.InHeight, s.InWidth, vertical, horizontal, bias));
    }

    private static PatchGeometry ForwardGeometry(in ConvolutionShape s) =>
        new(
            s.Batch,
            s.InChannels,
            s.InHeight,
            s.InWidth,
            s.OutHeight,
            s.OutWidth,
            s.StrideHeight,
            s.StrideWidth,
            s.KernelHeight,
            s.KernelWidth,
            -s.PaddingHeight,
            -s.PaddingWidth,
            s.DilationHeight,
            s.DilationWidth);

    // bias[ic] for each of the positions of channel ic.
    private static float* RepeatBias(in ConvolutionShape s, float* bias)
    {
        if (bias == null)
        {
            return null;
        }

        var repeated = ThreadScratch.Current.Floats(ScratchSlot.Bias, s.PatchSize);
        for (var channel = 0; channel < s.InChannels; channel++)
        {
            new Span<float>(repeated + (nint)channel * s.Taps, s.Taps).Fill(bias[channel]);
        }

        return repeated;
    }
}
