using Crypson.Kernels;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>Element-wise sine of x in radians. Gradient: cos x.</summary>
    public Tensor Sin() => Unary.Apply(this, new SinOp());
}

internal readonly partial struct SinOp : IUnaryOp
{
    public string Name => "sin";

    [Elementwise]
    public float Forward(float x) => MathF.Sin(x);

    [Elementwise]
    public float Backward(float x, float y, float dy) => dy * MathF.Cos(x);
}
