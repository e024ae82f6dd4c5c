using System.Numerics;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>Element-wise absolute value. Gradient: the sign of x, 0 at 0.</summary>
    public Tensor Abs() => Unary.Apply(this, new AbsOp());
}

internal readonly struct AbsOp : IUnaryOp
{
    public string Name => "abs";

    public Vector<float> Forward(Vector<float> x) => Vector.Abs(x);

    public Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy) => Vector.ConditionalSelect(
        Vector.Equals(x, Vector<float>.Zero), Vector<float>.Zero, Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), -dy, dy));
}
