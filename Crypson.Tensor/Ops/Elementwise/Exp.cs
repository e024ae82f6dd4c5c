using System.Numerics;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>Element-wise eˣ. Gradient: eˣ.</summary>
    public Tensor Exp() => Unary.Apply(this, new ExpOp());
}

internal readonly struct ExpOp : IUnaryOp
{
    public string Name => "exp";

    public Vector<float> Forward(Vector<float> x) => VectorMath.Exp(x);

    public Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy) => dy * y;
}
