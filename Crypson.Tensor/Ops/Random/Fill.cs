namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>Sets every element to one value, in place.</summary>
    public void Fill(float value)
    {
        RequireWritable("fill");
        if (Device is CpuDevice)
        {
            Device.Launch(new FillKernel(Storage, value, Count), Unary.Groups(Count));
        }
        else
        {
            FillKernels.LaunchFill(Device, Count, View, value);
        }
    }

    /// <summary>Fills in place with numbers uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public void FillUniform(Philox random, float low = 0, float high = 1)
    {
        RequireWritable("fill uniform");
        FillRandom(random, new RandomKernel(Storage, random.Seed, random.Stream, random.Counter, Count, false, low, high), false, low, high);
    }

    /// <summary>Fills in place with normally distributed numbers.</summary>
    public void FillNormal(Philox random, float mean = 0, float standardDeviation = 1)
    {
        RequireWritable("fill normal");
        FillRandom(random, new RandomKernel(Storage, random.Seed, random.Stream, random.Counter, Count, true, mean, standardDeviation), true, mean, standardDeviation);
    }

    private void FillRandom(Philox random, RandomKernel kernel, bool normal, float first, float second)
    {
        var blocks = (Count + 3) / 4;
        if (Device is CpuDevice)
        {
            Device.Launch(kernel, Unary.Groups(Count));
        }
        else if (normal)
        {
            FillKernels.LaunchNormal(Device, blocks, View, random.Seed, random.Stream, random.Counter, first, second);
        }
        else
        {
            FillKernels.LaunchUniform(Device, blocks, View, random.Seed, random.Stream, random.Counter, first, second - first, Philox.Last(first, second));
        }

        random.Counter += (ulong)blocks;
    }

    private readonly unsafe struct FillKernel(Storage y, float value, int count) : IKernel
    {
        public void Execute(int group)
        {
            var begin = group * Unary.Chunk;
            new Span<float>(y.Floats + begin, Math.Min(Unary.Chunk, count - begin)).Fill(value);
        }
    }

    // A group starts at its own counter, so the numbers are those of one sequential fill.
    private readonly unsafe struct RandomKernel(
        Storage y, ulong seed, ulong stream, ulong counter, int count, bool normal, float first, float second) : IKernel
    {
        public void Execute(int group)
        {
            var begin = group * Unary.Chunk;
            var values = new Span<float>(y.Floats + begin, Math.Min(Unary.Chunk, count - begin));
            var start = counter + (ulong)(begin / 4);
            if (normal)
            {
                Philox.Normal(seed, stream, start, values, first, second);
            }
            else
            {
                Philox.Uniform(seed, stream, start, values, first, second);
            }
        }
    }
}
