using System.Numerics;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>Element-wise cosine of x in radians. Gradient: -sin x.</summary>
    public Tensor Cos() => Unary.Apply(this, new CosOp());
}

internal readonly struct CosOp : IUnaryOp
{
    public string Name => "cos";

    public Vector<float> Forward(Vector<float> x) => Vector.Cos(x);

    public Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy) => -dy * Vector.Sin(x);
}
