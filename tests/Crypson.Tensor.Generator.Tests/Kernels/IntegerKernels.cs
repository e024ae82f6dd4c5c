namespace Crypson.Tests.Kernels;

/// <summary>Whole numbers where C and C# differ: each kernel writes what a pair of operands gives in every operator.</summary>
internal static partial class IntegerKernels
{
    public const int Results = 24;

    [Kernel]
    internal static void Int32(Index1D i, ArrayView<int> a, ArrayView<int> b, ArrayView<int> y)
    {
        var (x, z, at) = (a[i], b[i], i * Results);
        y[at++] = x + z;
        y[at++] = x - z;
        y[at++] = x * z;
        y[at++] = z == 0 || (x == int.MinValue && z == -1) ? 7 : x / z;
        y[at++] = z == 0 || (x == int.MinValue && z == -1) ? 7 : x % z;
        y[at++] = x / 3 + x % 5 + x / -7;
        y[at++] = x << z;
        y[at++] = x >> z;
        y[at++] = x >>> z;
        y[at++] = x << 33;
        y[at++] = -x;
        y[at++] = ~x & z | x ^ z;
        y[at++] = (byte)x;
        y[at++] = (sbyte)x;
        y[at++] = (short)x;
        y[at++] = (ushort)x + (char)z;
        y[at++] = (byte)x + (byte)z;
        y[at++] = x < z ? Math.Min(x, z) : Math.Max(x, z);
        y[at++] = x == int.MinValue ? 1 : Math.Abs(x);
        y[at++] = Math.Clamp(x, -100, 100) + Math.Sign(z);
        y[at++] = System.Numerics.BitOperations.PopCount((uint)x);
        y[at++] = System.Numerics.BitOperations.LeadingZeroCount((uint)x) + 100 * System.Numerics.BitOperations.TrailingZeroCount((uint)x);
        y[at++] = (int)System.Numerics.BitOperations.RotateLeft((uint)x, z) ^ (int)System.Numerics.BitOperations.RotateRight((uint)z, x);
        y[at++] = IntrinsicMath.PopCount(z) + (x > z ? 1 : 0) + (x >= z ? 2 : 0) + (x != z ? 4 : 0);
    }

    [Kernel]
    internal static void UInt32(Index1D i, ArrayView<uint> a, ArrayView<uint> b, ArrayView<uint> y, ArrayView<long> wide)
    {
        var (x, z, at) = (a[i], b[i], i * Results);
        y[at++] = x + z;
        y[at++] = x - z;
        y[at++] = x * z;
        y[at++] = z == 0 ? 7 : x / z;
        y[at++] = z == 0 ? 7 : x % z;
        y[at++] = x << (int)z;
        y[at++] = x >> (int)z;
        y[at++] = ~x;
        y[at++] = Math.Min(x, z) ^ Math.Max(x, z) * 3;
        y[at++] = x > z ? 1u : 0u;
        y[at++] = (uint)(int)x / 10u;
        y[at++] = (byte)(x + z);

        // uint and int meet in long.
        wide[i] = x - (int)z + -x;
    }

    [Kernel]
    internal static void Int64(Index1D i, ArrayView<long> a, ArrayView<long> b, ArrayView<long> y)
    {
        var (x, z, at) = (a[i], b[i], i * Results);
        y[at++] = x + z;
        y[at++] = x - z;
        y[at++] = x * z;
        y[at++] = z == 0 || (x == long.MinValue && z == -1) ? 7 : x / z;
        y[at++] = z == 0 || (x == long.MinValue && z == -1) ? 7 : x % z;
        y[at++] = x << (int)z;
        y[at++] = x >> (int)z;
        y[at++] = x >>> (int)z;
        y[at++] = (long)((ulong)x * (ulong)z);
        y[at++] = (long)((ulong)x >> (int)z);
        y[at++] = (int)x;
        y[at++] = (long)(uint)x;
        y[at++] = Math.Min(x, z) + Math.Max(x, z);
        y[at++] = (z == 0 ? 1L : (long)((ulong)x / (ulong)z)) - long.MaxValue;
        y[at++] = x == long.MinValue ? x : Math.Abs(x);
        y[at++] = (long)System.Numerics.BitOperations.RotateLeft((ulong)x, (int)z);
        y[at++] = (long)System.Numerics.BitOperations.RotateRight((ulong)x, (int)z);
        y[at++] = Math.Sign(x) + 10 * Math.Sign(z);
        y[at++] = Math.Clamp(x, -5_000_000_000, 5_000_000_000);
        y[at++] = (long)Math.Clamp((ulong)x, 7ul, 5_000_000_000ul);
        y[at++] = z == 0 ? 7 : (long)((ulong)x % (ulong)z);
        y[at++] = System.Numerics.BitOperations.PopCount((ulong)x) + 100 * System.Numerics.BitOperations.LeadingZeroCount((ulong)x);
        y[at++] = System.Numerics.BitOperations.TrailingZeroCount((ulong)x);
        y[at++] = (long)(Math.Min((ulong)x, (ulong)z) ^ 3 * Math.Max((ulong)x, (ulong)z));
    }

    /// <summary>++ and compound assignment on types narrower than int wrap in their own width.</summary>
    [Kernel]
    internal static void Narrow(Index1D i, ArrayView<int> a, ArrayView<byte> bytes, ArrayView<sbyte> signedBytes, ArrayView<short> shorts, ArrayView<ushort> words, ArrayView<int> y)
    {
        byte b = (byte)a[i];
        b++;
        b += 200;
        var b2 = b--;
        bytes[i] = b;
        bytes[i] *= 3;
        sbyte s = (sbyte)a[i];
        s -= 100;
        s <<= 1;
        --s;
        signedBytes[i] = s;
        signedBytes[i]++;
        short h = (short)a[i];
        h *= h;
        h >>>= 3;
        shorts[i] = h++;
        ushort w = (ushort)a[i];
        w ^= 0xFFFF;
        w /= 7;
        words[i] = --w;
        y[i] = b2 + s + h + w;
    }

    /// <summary>What C# throws at, a kernel computes: a quotient by zero is 0, the quotient that is too large wraps.</summary>
    [Kernel]
    internal static void DivideByAnything(Index1D i, ArrayView<int> a, ArrayView<int> b, ArrayView<int> y)
    {
        y[2 * i] = a[i] / b[i];
        y[2 * i + 1] = a[i] % b[i];
    }

    /// <summary>The same for the other widths, and by constants.</summary>
    [Kernel]
    internal static void DivideWideByAnything(Index1D i, ArrayView<long> a, ArrayView<long> b, ArrayView<long> y)
    {
        var (x, z, at) = (a[i], b[i], 10 * i);
        y[at++] = x / z;
        y[at++] = x % z;
        y[at++] = (long)((ulong)x / (ulong)z);
        y[at++] = (long)((ulong)x % (ulong)z);
        y[at++] = (uint)x / (uint)z;
        y[at++] = (uint)x % (uint)z;
        y[at++] = x / -1;
        y[at++] = x % -1;
        y[at++] = (int)x / -1;
        y[at++] = (int)x % -1;
    }
}
