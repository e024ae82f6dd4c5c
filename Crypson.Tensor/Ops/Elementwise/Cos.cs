using Crypson.Kernels;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>Element-wise cosine of x in radians. Gradient: -sin x.</summary>
    public Tensor Cos() => Unary.Apply(this, new CosOp());
}

internal readonly partial struct CosOp : IUnaryOp
{
    public string Name => "cos";

    [Elementwise]
    public float Forward(float x) => MathF.Cos(x);

    [Elementwise]
    public float Backward(float x, float y, float dy) => -dy * MathF.Sin(x);
}
