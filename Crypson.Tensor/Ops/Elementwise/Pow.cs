using System.Numerics;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>
    /// Element-wise x to a constant power, as <see cref="MathF.Pow"/> defines it. Gradient: p xᵖ⁻¹ (0 where p is 0).
    /// </summary>
    public Tensor Pow(float exponent) => Unary.Apply(this, new PowOp(exponent));

    /// <summary>Element-wise x². Gradient: 2 x.</summary>
    public Tensor Square() => Unary.Apply(this, new PowOp(2));
}

internal readonly struct PowOp(float exponent) : IUnaryOp
{
    private readonly float exponent = exponent;

    public string Name => "pow";

    public float Forward(float x) => Power(x, exponent);

    public float Backward(float x, float y, float dy) => exponent == 0 ? 0f : dy * exponent * Power(x, exponent - 1);

    public Vector<float> Forward(Vector<float> x) => Power(x, exponent);

    public Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy) =>
        exponent == 0 ? Vector<float>.Zero : dy * exponent * Power(x, exponent - 1);

    private static float Power(float x, float exponent) => exponent switch
    {
        0 => 1f,
        1 => x,
        2 => x * x,
        3 => x * x * x,
        -1 => 1f / x,
        -2 => 1f / (x * x),
        _ => MathF.Pow(x, exponent),
    };

    private static Vector<float> Power(Vector<float> x, float exponent)
    {
        switch (exponent)
        {
            case 0:
                return Vector<float>.One;
            case 1:
                return x;
            case 2:
                return x * x;
            case 3:
                return x * x * x;
            case -1:
                return Vector<float>.One / x;
            case -2:
                return Vector<float>.One / (x * x);
        }

        Span<float> values = stackalloc float[Vector<float>.Count];
        x.CopyTo(values);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = MathF.Pow(values[i], exponent);
        }

        return new Vector<float>(values);
    }
}
