using Crypson.Kernels;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>Element-wise natural logarithm; NaN below 0, negative infinity at 0. Gradient: 1 / x.</summary>
    public Tensor Log() => Unary.Apply(this, new LogOp());
}

internal readonly partial struct LogOp : IUnaryOp
{
    public string Name => "log";

    [Elementwise]
    public float Forward(float x) => MathF.Log(x);

    [Elementwise]
    public float Backward(float x, float y, float dy) => dy / x;
}
