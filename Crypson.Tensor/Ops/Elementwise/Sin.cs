using System.Numerics;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>Element-wise sine of x in radians. Gradient: cos x.</summary>
    public Tensor Sin() => Unary.Apply(this, new SinOp());
}

internal readonly struct SinOp : IUnaryOp
{
    public string Name => "sin";

    public Vector<float> Forward(Vector<float> x) => Vector.Sin(x);

    public Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy) => dy * Vector.Cos(x);
}
