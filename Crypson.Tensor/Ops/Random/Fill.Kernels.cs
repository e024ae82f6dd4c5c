using Crypson.Kernels;

namespace Crypson;

/// <summary>Filling on devices. Random numbers are those of <see cref="Philox"/> on the CPU, bit for bit.</summary>
internal static partial class FillKernels
{
    [Kernel]
    internal static void Fill(Index1D i, ArrayView<float> y, float value) => y[i] = value;

    /// <summary>One block of four numbers per work-item.</summary>
    [Kernel]
    internal static void Uniform(Index1D block, ArrayView<float> y, ulong seed, ulong stream, ulong counter, float low, float range, float last)
    {
        var (a, b, c, d) = Philox.Block(seed, stream, counter + (ulong)(int)block);
        Store(y, block, Philox.ToInterval(a, low, range, last), Philox.ToInterval(b, low, range, last),
            Philox.ToInterval(c, low, range, last), Philox.ToInterval(d, low, range, last));
    }

    [Kernel]
    internal static void Normal(Index1D block, ArrayView<float> y, ulong seed, ulong stream, ulong counter, float mean, float standardDeviation)
    {
        var (x0, x1, x2, x3) = Philox.Block(seed, stream, counter + (ulong)(int)block);
        var (a, b) = Philox.ToNormal(x0, x1);
        var (c, d) = Philox.ToNormal(x2, x3);
        Store(y, block, mean + standardDeviation * a, mean + standardDeviation * b, mean + standardDeviation * c, mean + standardDeviation * d);
    }

    private static void Store(ArrayView<float> y, int block, float a, float b, float c, float d)
    {
        var i = 4L * block;
        y[i] = a;
        if (i + 1 < y.Length)
        {
            y[i + 1] = b;
        }

        if (i + 2 < y.Length)
        {
            y[i + 2] = c;
        }

        if (i + 3 < y.Length)
        {
            y[i + 3] = d;
        }
    }
}
