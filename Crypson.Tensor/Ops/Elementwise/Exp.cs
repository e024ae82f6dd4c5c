using Crypson.Kernels;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>Element-wise eˣ. Gradient: eˣ.</summary>
    public Tensor Exp() => Unary.Apply(this, new ExpOp());
}

internal readonly partial struct ExpOp : IUnaryOp
{
    public string Name => "exp";

    [Elementwise]
    public float Forward(float x) => VectorMath.Exp(x);

    [Elementwise]
    public float Backward(float x, float y, float dy) => dy * y;
}
