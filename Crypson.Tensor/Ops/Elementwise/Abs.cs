using Crypson.Kernels;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>Element-wise absolute value. Gradient: the sign of x, 0 at 0.</summary>
    public Tensor Abs() => Unary.Apply(this, new AbsOp());
}

internal readonly partial struct AbsOp : IUnaryOp
{
    public string Name => "abs";

    [Elementwise]
    public float Forward(float x) => MathF.Abs(x);

    [Elementwise]
    public float Backward(float x, float y, float dy) => x == 0f ? 0f : x < 0f ? -dy : dy;
}
