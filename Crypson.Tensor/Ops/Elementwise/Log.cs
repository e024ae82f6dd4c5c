using System.Numerics;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>Element-wise natural logarithm; NaN below 0, negative infinity at 0. Gradient: 1 / x.</summary>
    public Tensor Log() => Unary.Apply(this, new LogOp());
}

internal readonly struct LogOp : IUnaryOp
{
    public string Name => "log";

    public Vector<float> Forward(Vector<float> x) => Vector.Log(x);

    public Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy) => dy / x;
}
