namespace Crypson.Tests.Kernels;

/// <summary>Floating-point numbers where C and C# differ, or where a compiler likes to change the result.</summary>
internal static partial class FloatKernels
{
    public const int Results = 24;

    [Kernel]
    internal static void Exact(Index1D i, ArrayView<float> a, ArrayView<float> b, ArrayView<float> y)
    {
        var (x, z, at) = (a[i], b[i], i * Results);
        y[at++] = x + z;
        y[at++] = x - z;
        y[at++] = x * z;
        y[at++] = x / z;
        y[at++] = x * z + x;
        y[at++] = x - z * x;
        y[at++] = MathF.FusedMultiplyAdd(x, z, x);
        y[at++] = Math.Min(x, z);
        y[at++] = MathF.Max(x, z);
        y[at++] = Math.Clamp(x, -2f, 2f);
        y[at++] = MathF.Abs(x) - MathF.Floor(z);
        y[at++] = MathF.Ceiling(x);
        y[at++] = MathF.Truncate(x);
        y[at++] = MathF.Round(x);
        y[at++] = MathF.Sqrt(MathF.Abs(x));
        y[at++] = MathF.CopySign(x, z);
        y[at++] = x < z ? 1 : x > z ? 2 : x == z ? 3 : 4;
        y[at++] = !(x >= z) ? 0.1f : 1e-30f;
        y[at++] = float.IsNaN(x) ? float.NegativeInfinity : float.IsInfinity(x) ? 3f : float.IsNegative(x) ? -0f : float.Epsilon;
        y[at++] = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(x) ^ 0x00400000);
        y[at++] = -x;
        y[at++] = x % z;
        y[at++] = XMath.Rcp(x) + XMath.Rsqrt(MathF.Abs(z));
        y[at++] = 16777217 * x + (float)123456789L;
    }

    /// <summary>What is a function of its own for doubles.</summary>
    [Kernel]
    internal static void ExactDoubles(Index1D i, ArrayView<double> a, ArrayView<double> b, ArrayView<double> y)
    {
        var (x, z, at) = (a[i], b[i], i * Results);
        y[at++] = x + z;
        y[at++] = x * z - x;
        y[at++] = x / z;
        y[at++] = Math.Min(x, z);
        y[at++] = Math.Max(x, z);
        y[at++] = Math.Clamp(x, -2.0, 2.0);
        y[at++] = (double.IsNaN(x) ? 1 : 0) + (double.IsInfinity(x) ? 2 : 0) + (double.IsFinite(x) ? 4 : 0) + (double.IsNegative(x) ? 8 : 0);
        y[at++] = double.IsNaN(x) ? 0 : Math.Sign(x);
        y[at++] = Math.Abs(x) - Math.Floor(z);
        y[at++] = -x;
        y[at++] = x < z ? 1 : x > z ? 2 : x == z ? 3 : 4;
    }

    [Kernel]
    internal static void ToIntegers(Index1D i, ArrayView<float> a, ArrayView<double> d, ArrayView<long> y)
    {
        var (x, z, at) = (a[i], d[i], i * 12);
        y[at++] = (int)x;
        y[at++] = (uint)x;
        y[at++] = (long)x;
        y[at++] = (long)(ulong)x;
        y[at++] = (byte)x;
        y[at++] = (sbyte)x;
        y[at++] = (short)x;
        y[at++] = (ushort)x;
        y[at++] = (int)z;
        y[at++] = (uint)z;
        y[at++] = (long)z;
        y[at++] = (long)(ulong)z;
    }

    [Kernel]
    internal static void FromIntegers(Index1D i, ArrayView<long> a, ArrayView<float> y, ArrayView<double> d)
    {
        var x = a[i];
        y[4 * i] = (int)x;
        y[4 * i + 1] = (uint)x;
        y[4 * i + 2] = x;
        y[4 * i + 3] = (byte)x / 3f;
        d[i] = x * 0.1 + Math.Max(double.NaN, x) * 0 + Math.Sqrt(Math.Abs((double)x));
    }

    [Kernel]
    internal static void Close(Index1D i, ArrayView<float> a, ArrayView<float> y)
    {
        var (x, at) = (a[i], i * Results);
        y[at++] = MathF.Exp(x);
        y[at++] = MathF.Log(MathF.Abs(x) + 1);
        y[at++] = MathF.Log2(MathF.Abs(x) + 1);
        y[at++] = MathF.Log10(MathF.Abs(x) + 1);
        y[at++] = MathF.Sin(x);
        y[at++] = MathF.Cos(x);
        y[at++] = MathF.Tan(x);
        y[at++] = MathF.Tanh(x);
        y[at++] = MathF.Sinh(x);
        y[at++] = MathF.Cosh(x);
        y[at++] = MathF.Atan(x);
        y[at++] = MathF.Atan2(x, 2f);
        y[at++] = MathF.Asin(x / 10);
        y[at++] = MathF.Acos(x / 10);
        y[at++] = MathF.Pow(MathF.Abs(x), 1.7f);
        y[at++] = MathF.Cbrt(x);
        y[at++] = XMath.Exp(-x) * XMath.PI;
    }
}
