using System.Runtime.CompilerServices;

namespace Crypson;

/// <summary>
/// Counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as
/// 1, 2, 3", SC 2011). The same seed, stream and counter give the same numbers on every device and thread count
/// (normal ones up to the device's square root); saving <see cref="Counter"/> is enough to continue a stream.
/// </summary>
/// <param name="seed">The key: two generators with different seeds are independent.</param>
/// <param name="stream">The upper half of the counter: an independent sequence under the same seed.</param>
public sealed class Philox(ulong seed, ulong stream = 0)
{
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9;
    private const uint Weyl1 = 0xBB67AE85;

    /// <summary>The key.</summary>
    public ulong Seed { get; } = seed;

    /// <summary>The upper half of the counter.</summary>
    public ulong Stream { get; } = stream;

    /// <summary>Blocks of four numbers drawn so far. Every draw starts a new block.</summary>
    public ulong Counter { get; set; }

    /// <summary>One block: four independent 32-bit numbers of a key and a 128-bit counter.</summary>
    public static (uint X, uint Y, uint Z, uint W) Block(ulong seed, ulong stream, ulong counter)
    {
        var (x, y, z, w) = ((uint)counter, (uint)(counter >> 32), (uint)stream, (uint)(stream >> 32));
        var (key0, key1) = ((uint)seed, (uint)(seed >> 32));
        for (var round = 0; round < 10; round++)
        {
            var product0 = (ulong)Multiplier0 * x;
            var product1 = (ulong)Multiplier1 * z;
            (x, y, z, w) = ((uint)(product1 >> 32) ^ y ^ key0, (uint)product1, (uint)(product0 >> 32) ^ w ^ key1, (uint)product0);
            key0 += Weyl0;
            key1 += Weyl1;
        }

        return (x, y, z, w);
    }

    /// <summary>One number in 0 to 2³² - 1.</summary>
    public uint NextUInt32() => Block(Seed, Stream, Counter++).X;

    /// <summary>One number in [0, 1).</summary>
    public float NextSingle() => ToUniform(NextUInt32());

    /// <summary>One number from the standard normal distribution.</summary>
    public float NextNormal()
    {
        var (x, y, _, _) = Block(Seed, Stream, Counter++);
        return ToNormal(x, y).First;
    }

    /// <summary>One integer in [0, <paramref name="bound"/>), without modulo bias (Lemire 2019).</summary>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        var threshold = (uint)(-bound) % (uint)bound;
        while (true)
        {
            var product = (ulong)NextUInt32() * (uint)bound;
            if ((uint)product >= threshold)
            {
                return (int)(product >> 32);
            }
        }
    }

    /// <summary>Fills a span with numbers in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public void Uniform(Span<float> destination, float low = 0, float high = 1)
    {
        Uniform(Seed, Stream, Counter, destination, low, high);
        Counter += (ulong)((destination.Length + 3) / 4);
    }

    /// <summary>Fills a span with normally distributed numbers (Box and Muller 1958).</summary>
    public void Normal(Span<float> destination, float mean = 0, float standardDeviation = 1)
    {
        Normal(Seed, Stream, Counter, destination, mean, standardDeviation);
        Counter += (ulong)((destination.Length + 3) / 4);
    }

    /// <summary>A random order of 0 to <paramref name="count"/> - 1 (Fisher and Yates; Durstenfeld 1964).</summary>
    public int[] Permutation(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var order = new int[count];
        for (var i = 0; i < count; i++)
        {
            order[i] = i;
        }

        for (var i = count - 1; i > 0; i--)
        {
            var j = Next(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    internal static void Uniform(ulong seed, ulong stream, ulong counter, Span<float> destination, float low, float high)
    {
        var range = high - low;
        var last = Last(low, high);
        for (var i = 0; i < destination.Length; i += 4)
        {
            var (x, y, z, w) = Block(seed, stream, counter++);
            ReadOnlySpan<float> four = [ToUniform(x), ToUniform(y), ToUniform(z), ToUniform(w)];
            for (var j = 0; j < Math.Min(4, destination.Length - i); j++)
            {
                destination[i + j] = MathF.Min(low + range * four[j], last);
            }
        }
    }

    internal static void Normal(ulong seed, ulong stream, ulong counter, Span<float> destination, float mean, float standardDeviation)
    {
        for (var i = 0; i < destination.Length; i += 4)
        {
            var (x, y, z, w) = Block(seed, stream, counter++);
            var (a, b) = ToNormal(x, y);
            var (c, d) = ToNormal(z, w);
            ReadOnlySpan<float> four = [a, b, c, d];
            for (var j = 0; j < Math.Min(4, destination.Length - i); j++)
            {
                destination[i + j] = mean + standardDeviation * four[j];
            }
        }
    }

    /// <summary>The largest number of the interval: rounding may reach the upper limit, which the interval does not have.</summary>
    internal static float Last(float low, float high) => high > low ? MathF.BitDecrement(high) : low;

    internal static float ToInterval(uint bits, float low, float range, float last) => MathF.Min(low + range * ToUniform(bits), last);

    // The upper 24 bits, so that the result is exact and below 1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float ToUniform(uint bits) => (bits >> 8) * (1f / 16777216f);

    // Only +, -, * and square root, each rounded once and never contracted: the same bits on the CPU, with CUDA, and with OpenCL
    // where the device has CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT. Elsewhere OpenCL's square root may be off by 3 units in the
    // last place, and ILGPU's compilers may join a product and a sum: there the last digits may differ.
    internal static (float First, float Second) ToNormal(uint bits0, uint bits1)
    {
        var radius = MathF.Sqrt(-2f * LogUnit(((bits0 >> 8) + 1) * (1f / 16777216f)));
        var (sin, cos) = SinCosTurns(ToUniform(bits1));
        return (radius * cos, radius * sin);
    }

    // ln(x) for x in (0, 1]: x = m 2^e with m in [sqrt(1/2), sqrt(2)), then the Cephes polynomial in m - 1.
    private static float LogUnit(float x)
    {
        var bits = BitConverter.SingleToUInt32Bits(x);
        var exponent = (int)(bits >> 23) - 126;
        var mantissa = BitConverter.UInt32BitsToSingle((bits & 0x007FFFFF) | 0x3F000000);
        if (mantissa < 0.707106781f)
        {
            exponent--;
            mantissa += mantissa;
        }

        var t = mantissa - 1f;
        var z = t * t;
        var p = 7.0376836292e-2f;
        p = p * t - 1.1514610310e-1f;
        p = p * t + 1.1676998740e-1f;
        p = p * t - 1.2420140846e-1f;
        p = p * t + 1.4249322787e-1f;
        p = p * t - 1.6668057665e-1f;
        p = p * t + 2.0000714765e-1f;
        p = p * t - 2.4999993993e-1f;
        p = p * t + 3.3333331174e-1f;
        var y = t * z * p + exponent * -2.12194440e-4f - 0.5f * z;
        return t + y + exponent * 0.693359375f;
    }

    // Sine and cosine of 2 pi u for u in [0, 1): quadrant by exact arithmetic, then Cephes polynomials on |a| <= pi/4.
    private static (float Sin, float Cos) SinCosTurns(float u)
    {
        var quadrant = (int)(u * 4f + 0.5f);
        var a = (u - quadrant * 0.25f) * 6.2831853071795865f;
        var z = a * a;
        var sin = ((-1.9515295891e-4f * z + 8.3321608736e-3f) * z - 1.6666654611e-1f) * z * a + a;
        var cos = ((2.443315711809948e-5f * z - 1.388731625493765e-3f) * z + 4.166664568298827e-2f) * z * z - 0.5f * z + 1f;
        return (quadrant & 3) switch
        {
            0 => (sin, cos),
            1 => (cos, -sin),
            2 => (-sin, -cos),
            _ => (-cos, sin),
        };
    }
}
