using System.Numerics;
using System.Runtime.CompilerServices;

namespace Crypson;

/// <summary>Functions of float vectors in float arithmetic; .NET's own widen to double, at three to four times the cost.</summary>
internal static class VectorMath
{
    /// <summary>eˣ of one element: what kernels of devices call where the CPU calls the form for vectors.</summary>
    public static float Exp(float x) => MathF.Exp(x);

    /// <summary>
    /// eˣ to about one unit in the last place, with gradual underflow, infinity above 88.72 and NaN for NaN. x = n ln 2 + r,
    /// n rounded; e^r by the polynomial of Cephes expf (Moshier); 2ⁿ in two factors, so that neither leaves the range.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Exp(Vector<float> x)
    {
        // In this order of operands the x86 instructions keep NaN.
        x = Vector.MaxNative(new Vector<float>(-110f), Vector.MinNative(new Vector<float>(90f), x));
        var n = Vector.Round(x * 1.44269504f);
        var r = Vector.MultiplyAddEstimate(n, new Vector<float>(-0.693359375f), x);
        r = Vector.MultiplyAddEstimate(n, new Vector<float>(2.12194440e-4f), r);
        var p = new Vector<float>(1.9875691500e-4f);
        p = Vector.MultiplyAddEstimate(p, r, new Vector<float>(1.3981999507e-3f));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<float>(8.3334519073e-3f));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<float>(4.1665795894e-2f));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<float>(1.6666665459e-1f));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<float>(5.0000001201e-1f));
        p = Vector.MultiplyAddEstimate(p, r * r, r + Vector<float>.One);
        var whole = Vector.ConvertToInt32Native(n);
        var half = Vector.ShiftRightArithmetic(whole, 1);
        return p * Power(half) * Power(whole - half);
    }

    // 2ⁿ for n in the range of normal numbers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Power(Vector<int> n) => Vector.AsVectorSingle(Vector.ShiftLeft(n + new Vector<int>(127), 23));
}
