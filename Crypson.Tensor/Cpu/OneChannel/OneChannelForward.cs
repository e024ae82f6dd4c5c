using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Crypson.Cpu.Products;

namespace Crypson.Cpu.OneChannel;

/// <summary>A group computes all output channels of one block of lines.</summary>
internal readonly unsafe struct OneChannelForward(ConvolutionShape s, float* x, float* weight, float* bias, float* y) : IKernel
{
    private readonly LinePatches lines = new(s, x);
    private readonly float* weight = weight;
    private readonly float* bias = bias;
    private readonly float* y = y;

    public int Groups => s.OutPositions == 0 ? 0 : lines.Blocks;

    public void Execute(int group)
    {
        var stride = lines.Stride;
        var patches = ThreadScratch.Current.Floats(ScratchSlot.Columns, (nint)s.Taps * stride);
        lines.Gather(group, patches);
        var count = lines.Count(group);
        var target = y + ((nint)lines.Image(group) * s.OutChannels * s.OutPositions) + lines.First(group);
        var rest = stackalloc float[LinePatches.Group];
        for (var channel = 0; channel < s.OutChannels; channel++, target += s.OutPositions)
        {
            var w = weight + ((nint)channel * s.Taps);
            var start = Vector256.Create(bias == null ? 0 : bias[channel]);
            var i = 0;
            for (; i <= count - (2 * LinePatches.Group); i += 2 * LinePatches.Group)
            {
                var (a, b, c, d) = (start, start, start, start);
                var patch = patches + i;
                for (var tap = 0; tap < s.Taps; tap++, patch += stride)
                {
                    var factor = Vector256.Create(w[tap]);
                    a = Vector256.MultiplyAddEstimate(factor, Vector256.Load(patch), a);
                    b = Vector256.MultiplyAddEstimate(factor, Vector256.Load(patch + 8), b);
                    c = Vector256.MultiplyAddEstimate(factor, Vector256.Load(patch + 16), c);
                    d = Vector256.MultiplyAddEstimate(factor, Vector256.Load(patch + 24), d);
                }

                a.Store(target + i);
                b.Store(target + i + 8);
                c.Store(target + i + 16);
                d.Store(target + i + 24);
            }

            for (; i < count; i += LinePatches.Group)
            {
                // The padding may be computed, not written.
                var whole = count - i >= LinePatches.Group;
                Sixteen(patches + i, stride, w, start, whole ? target + i : rest);
                if (!whole)
                {
                    new ReadOnlySpan<float>(rest, count - i).CopyTo(new Span<float>(target + i, count - i));
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Sixteen(float* patch, int stride, float* w, Vector256<float> start, float* target)
    {
        var (a, b) = (start, start);
        for (var tap = 0; tap < s.Taps; tap++, patch += stride)
        {
            var factor = Vector256.Create(w[tap]);
            a = Vector256.MultiplyAddEstimate(factor, Vector256.Load(patch), a);
            b = Vector256.MultiplyAddEstimate(factor, Vector256.Load(patch + 8), b);
        }

        a.Store(target);
        b.Store(target + 8);
    }
}
