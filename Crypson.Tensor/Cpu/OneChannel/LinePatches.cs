using System.Runtime.Intrinsics;

namespace Crypson.Cpu.OneChannel;

/// <summary>
/// Cuts the output of a convolution of one channel into blocks of whole lines and gathers a block's patches:
/// patches[tap][position], a tap's positions padded with zeros to a multiple of <see cref="Group"/>.
/// </summary>
internal readonly unsafe struct LinePatches(ConvolutionShape s, float* images)
{
    /// <summary>Positions that are worked on together.</summary>
    public const int Group = 16;

    // Positions of a block: 16 taps of them are 16 KiB.
    private const int Positions = 256;

    private readonly float* images = images;

    /// <summary>Blocks of the whole batch.</summary>
    public int Blocks => s.Batch * BlocksPerImage;

    /// <summary>Positions of a block, padding included.</summary>
    public int Stride => ((LinesPerBlock * s.OutWidth) + Group - 1) / Group * Group;

    private int LinesPerBlock => Math.Clamp(Positions / s.OutWidth, 1, s.OutHeight);

    private int BlocksPerImage => (s.OutHeight + LinesPerBlock - 1) / LinesPerBlock;

    /// <summary>The image of a block.</summary>
    public int Image(int block) => block / BlocksPerImage;

    /// <summary>The block's first position in its image.</summary>
    public int First(int block) => block % BlocksPerImage * LinesPerBlock * s.OutWidth;

    /// <summary>Positions of a block without the padding.</summary>
    public int Count(int block) => Math.Min(LinesPerBlock * s.OutWidth, s.OutPositions - First(block));

    /// <summary>Fills patches of Taps * <see cref="Stride"/> elements.</summary>
    public void Gather(int block, float* patches)
    {
        var image = images + ((nint)Image(block) * s.InHeight * s.InWidth);
        var firstLine = First(block) / s.OutWidth;
        var lines = Count(block) / s.OutWidth;
        for (var ky = 0; ky < s.KernelHeight; ky++)
        {
            for (var kx = 0; kx < s.KernelWidth; kx++, patches += Stride)
            {
                for (var line = 0; line < lines; line++)
                {
                    var row = ((firstLine + line) * s.StrideHeight) - s.PaddingHeight + (ky * s.DilationHeight);
                    var target = patches + (line * s.OutWidth);
                    if ((uint)row < (uint)s.InHeight)
                    {
                        Line(image + ((nint)row * s.InWidth), (kx * s.DilationWidth) - s.PaddingWidth, target);
                    }
                    else
                    {
                        new Span<float>(target, s.OutWidth).Clear();
                    }
                }

                new Span<float>(patches + (lines * s.OutWidth), Stride - (lines * s.OutWidth)).Clear();
            }
        }
    }

    // target[x] = source[x * StrideWidth + shift], zero outside of the line.
    private void Line(float* source, int shift, float* target)
    {
        var stride = s.StrideWidth;
        var first = Math.Min(s.OutWidth, shift >= 0 ? 0 : (-shift + stride - 1) / stride);
        var last = Math.Clamp((s.InWidth - shift + stride - 1) / stride, first, s.OutWidth);
        new Span<float>(target, first).Clear();
        var x = first;
        if (stride == 1)
        {
            new ReadOnlySpan<float>(source + shift + first, last - first).CopyTo(new Span<float>(target + first, last - first));
            x = last;
        }
        else if (stride == 2)
        {
            for (; x < last - 8; x += 8)
            {
                var even = source + (2 * x) + shift;
                Vector256.Narrow(Vector256.Load(even).AsUInt64() & Vector256.Create(0xFFFFFFFFUL), Vector256.Load(even + 8).AsUInt64() & Vector256.Create(0xFFFFFFFFUL))
                    .AsSingle().Store(target + x);
            }
        }

        for (; x < last; x++)
        {
            target[x] = source[(x * stride) + shift];
        }

        new Span<float>(target + last, s.OutWidth - last).Clear();
    }
}
