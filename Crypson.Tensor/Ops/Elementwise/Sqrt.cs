using System.Numerics;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>Element-wise square root; NaN below 0. Gradient: 1 / (2 √x).</summary>
    public Tensor Sqrt() => Unary.Apply(this, new SqrtOp());
}

internal readonly struct SqrtOp : IUnaryOp
{
    public string Name => "sqrt";

    public Vector<float> Forward(Vector<float> x) => Vector.SquareRoot(x);

    public Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy) => dy * new Vector<float>(0.5f) / y;
}
