using System.Runtime.Intrinsics;

namespace Crypson.Cpu.Products;

/// <summary>
/// The gradient of a convolution with respect to an input of few channels. A product per phase would leave most rows
/// of the tiles empty, so here the taps are rows too: columns[(ic, kh, kw), (n, oh, ow)] = W' * dy for a few images at a
/// time, small enough for the cache, and then each input element sums its taps, in the order of the taps.
/// </summary>
internal readonly unsafe struct ColumnsToImage(ConvolutionShape s, float* dy, float* weight, float* bias, float* dx) : IKernel
{
    // Positions of one product: enough to make packing the weight cheap.
    private const int Positions = 1024;

    private readonly float* dy = dy;
    private readonly float* weight = weight;
    private readonly float* bias = bias;
    private readonly float* dx = dx;

    public int Groups => (s.Batch + ImagesPerGroup - 1) / ImagesPerGroup;

    private int ImagesPerGroup => Math.Max(1, Positions / s.OutPositions);

    /// <summary>Whether this way fills the tiles clearly better than a product per phase.</summary>
    public static bool Suits(in ConvolutionShape s) =>
        s.OutPositions > 0 && RoundUp(s.InChannels) * s.Taps * 2 > RoundUp(s.PatchSize) * 3;

    public void Execute(int group)
    {
        var first = group * ImagesPerGroup;
        var images = Math.Min(ImagesPerGroup, s.Batch - first);
        var positions = images * s.OutPositions;
        var columns = ThreadScratch.Current.Floats(ScratchSlot.Columns, (nint)s.PatchSize * positions);
        var whole = new PatchGeometry(
            images, s.OutChannels, s.OutHeight, s.OutWidth, s.OutHeight, s.OutWidth, 1, 1, 1, 1, 0, 0, 1, 1);
        PackedProduct.Run(
            s.PatchSize,
            positions,
            s.OutChannels,
            new MatrixOperand(weight, 1, s.PatchSize),
            new PatchesByPosition(dy + first * whole.ImageSize, whole),
            new MatrixWriter(columns, positions, 1, null, null, false));

        var plane = (nint)s.InHeight * s.InWidth;
        for (var image = 0; image < images; image++)
        {
            for (var channel = 0; channel < s.InChannels; channel++)
            {
                Sum(
                    columns + ((nint)channel * s.Taps * images + image) * s.OutPositions,
                    positions,
                    bias == null ? 0 : bias[channel],
                    dx + ((nint)(first + image) * s.InChannels + channel) * plane);
            }
        }
    }

    private static long RoundUp(int rows) => (rows + 5) / 6 * 6L;

    // columns: [KernelHeight, KernelWidth] rows of OutHeight x OutWidth elements, `stride` apart.
    private void Sum(float* columns, nint stride, float start, float* target)
    {
        new Span<float>(target, s.InHeight * s.InWidth).Fill(start);
        for (var ky = 0; ky < s.KernelHeight; ky++)
        {
            var (firstY, lastY) = Covered(ky * s.DilationHeight - s.PaddingHeight, s.StrideHeight, s.InHeight, s.OutHeight);
            for (var kx = 0; kx < s.KernelWidth; kx++)
            {
                var shift = kx * s.DilationWidth - s.PaddingWidth;
                var (firstX, lastX) = Covered(shift, s.StrideWidth, s.InWidth, s.OutWidth);
                for (var y = firstY; y < lastY; y++)
                {
                    var row = y * s.StrideHeight + ky * s.DilationHeight - s.PaddingHeight;
                    AddLine(
                        columns + (nint)y * s.OutWidth + firstX,
                        target + (nint)row * s.InWidth + firstX * s.StrideWidth + shift,
                        lastX - firstX);
                }

                columns += stride;
            }
        }
    }

    private void AddLine(float* source, float* target, int count)
    {
        var i = 0;
        if (s.StrideWidth == 1)
        {
            for (; i <= count - 8; i += 8)
            {
                (Vector256.Load(target + i) + Vector256.Load(source + i)).Store(target + i);
            }
        }

        for (; i < count; i++)
        {
            target[i * s.StrideWidth] += source[i];
        }
    }

    // The output positions o with 0 <= o * stride + shift < input, o below output.
    private static (int First, int Last) Covered(int shift, int stride, int input, int output)
    {
        var first = shift >= 0 ? 0 : (-shift + stride - 1) / stride;
        var last = input - shift <= 0 ? 0 : (input - shift + stride - 1) / stride;
        return (first, Math.Max(first, Math.Min(last, output)));
    }
}
