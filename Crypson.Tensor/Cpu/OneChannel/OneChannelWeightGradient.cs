using System.Runtime.Intrinsics;
using Crypson.Cpu.Products;

namespace Crypson.Cpu.OneChannel;

/// <summary>
/// A group sums dy times patch over its share of the blocks of lines: sums[group][channel][tap]. The shares depend on
/// the shape alone.
/// </summary>
internal readonly unsafe struct OneChannelWeightGradient(ConvolutionShape s, float* x, float* dy, double* sums, int parts) : IKernel
{
    // Blocks whose patches are gathered before the sums across vectors are taken.
    private const int BlocksAtOnce = 4;

    private readonly LinePatches lines = new(s, x);
    private readonly float* dy = dy;
    private readonly double* sums = sums;

    public void Execute(int group)
    {
        var target = sums + ((nint)group * s.OutChannels * s.Taps);
        new Span<double>(target, s.OutChannels * s.Taps).Clear();
        if (s.OutPositions == 0)
        {
            return;
        }

        var stride = lines.Stride;
        var patches = ThreadScratch.Current.Floats(ScratchSlot.Columns, (nint)BlocksAtOnce * s.Taps * stride);
        var (first, last) = ((int)((long)lines.Blocks * group / parts), (int)((long)lines.Blocks * (group + 1) / parts));
        for (var block = first; block < last; block += BlocksAtOnce)
        {
            var count = Math.Min(BlocksAtOnce, last - block);
            for (var i = 0; i < count; i++)
            {
                lines.Gather(block + i, patches + ((nint)i * s.Taps * stride));
            }

            AddBlocks(block, count, patches, stride, target);
        }
    }

    private void AddBlocks(int first, int blocks, float* patches, int stride, double* target)
    {
        for (var channel = 0; channel < s.OutChannels; channel++)
        {
            var tap = 0;
            for (; tap <= s.Taps - 4; tap += 4, target += 4)
            {
                AddFour(first, blocks, channel, patches + ((nint)tap * stride), stride, target);
            }

            for (; tap < s.Taps; tap++, target++)
            {
                AddOne(first, blocks, channel, patches + ((nint)tap * stride), stride, target);
            }
        }
    }

    private float* Slopes(int block, int channel) =>
        dy + ((((nint)lines.Image(block) * s.OutChannels) + channel) * s.OutPositions) + lines.First(block);

    private void AddFour(int first, int blocks, int channel, float* patches, int stride, double* target)
    {
        Vector256<float> a = default, b = default, c = default, d = default;
        Vector256<float> e = default, f = default, g = default, h = default;
        for (var block = 0; block < blocks; block++, patches += (nint)s.Taps * stride)
        {
            var slopes = Slopes(first + block, channel);
            var count = lines.Count(first + block);
            var i = 0;
            for (; i <= count - 16; i += 16)
            {
                var (low, high) = (Vector256.Load(slopes + i), Vector256.Load(slopes + i + 8));
                var patch = patches + i;
                a = Vector256.MultiplyAddEstimate(low, Vector256.Load(patch), a);
                e = Vector256.MultiplyAddEstimate(high, Vector256.Load(patch + 8), e);
                b = Vector256.MultiplyAddEstimate(low, Vector256.Load(patch + stride), b);
                f = Vector256.MultiplyAddEstimate(high, Vector256.Load(patch + stride + 8), f);
                c = Vector256.MultiplyAddEstimate(low, Vector256.Load(patch + (2 * stride)), c);
                g = Vector256.MultiplyAddEstimate(high, Vector256.Load(patch + (2 * stride) + 8), g);
                d = Vector256.MultiplyAddEstimate(low, Vector256.Load(patch + (3 * stride)), d);
                h = Vector256.MultiplyAddEstimate(high, Vector256.Load(patch + (3 * stride) + 8), h);
            }

            for (; i < count; i++)
            {
                target[0] += (double)slopes[i] * patches[i];
                target[1] += (double)slopes[i] * patches[i + stride];
                target[2] += (double)slopes[i] * patches[i + (2 * stride)];
                target[3] += (double)slopes[i] * patches[i + (3 * stride)];
            }
        }

        target[0] += Vector256.Sum(a + e);
        target[1] += Vector256.Sum(b + f);
        target[2] += Vector256.Sum(c + g);
        target[3] += Vector256.Sum(d + h);
    }

    private void AddOne(int first, int blocks, int channel, float* patches, int stride, double* target)
    {
        Vector256<float> a = default, b = default;
        for (var block = 0; block < blocks; block++, patches += (nint)s.Taps * stride)
        {
            var slopes = Slopes(first + block, channel);
            var count = lines.Count(first + block);
            var i = 0;
            for (; i <= count - 16; i += 16)
            {
                a = Vector256.MultiplyAddEstimate(Vector256.Load(slopes + i), Vector256.Load(patches + i), a);
                b = Vector256.MultiplyAddEstimate(Vector256.Load(slopes + i + 8), Vector256.Load(patches + i + 8), b);
            }

            for (; i < count; i++)
            {
                *target += (double)slopes[i] * patches[i];
            }
        }

        *target += Vector256.Sum(a + b);
    }
}
