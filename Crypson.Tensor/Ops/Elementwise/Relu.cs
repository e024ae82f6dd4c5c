using Crypson.Kernels;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>Element-wise max(x, 0); NaN stays NaN. Gradient: 1 where x &gt; 0, else 0.</summary>
    public Tensor Relu() => Unary.Apply(this, new ReluOp());
}

internal readonly partial struct ReluOp : IUnaryOp
{
    public string Name => "relu";

    [Elementwise]
    public float Forward(float x) => x <= 0f ? 0f : x;

    [Elementwise]
    public float Backward(float x, float y, float dy) => x <= 0f ? 0f : dy;
}
