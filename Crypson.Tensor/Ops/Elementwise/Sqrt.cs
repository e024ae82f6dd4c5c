using Crypson.Kernels;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>Element-wise square root; NaN below 0. Gradient: 1 / (2 √x).</summary>
    public Tensor Sqrt() => Unary.Apply(this, new SqrtOp());
}

internal readonly partial struct SqrtOp : IUnaryOp
{
    public string Name => "sqrt";

    [Elementwise]
    public float Forward(float x) => MathF.Sqrt(x);

    [Elementwise]
    public float Backward(float x, float y, float dy) => dy * 0.5f / y;
}
