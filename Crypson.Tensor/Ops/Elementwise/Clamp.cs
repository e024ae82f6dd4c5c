using System.Numerics;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>Element-wise x limited to [<paramref name="low"/>, <paramref name="high"/>]; NaN stays NaN. Gradient: 1 inside, 0 outside.</summary>
    /// <exception cref="ArgumentException"><paramref name="low"/> is above <paramref name="high"/>.</exception>
    public Tensor Clamp(float low, float high) => low <= high
        ? Unary.Apply(this, new ClampOp(low, high))
        : throw new ArgumentException($"clamp: the lower limit {low} is not below the upper limit {high}");
}

internal readonly struct ClampOp(float low, float high) : IUnaryOp
{
    public string Name => "clamp";

    public Vector<float> Forward(Vector<float> x)
    {
        var y = Vector.ConditionalSelect(Vector.LessThan(x, new Vector<float>(low)), new Vector<float>(low), x);
        return Vector.ConditionalSelect(Vector.GreaterThan(y, new Vector<float>(high)), new Vector<float>(high), y);
    }

    public Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy) =>
        Vector.ConditionalSelect(Vector.Equals(x, y), dy, Vector<float>.Zero);
}
