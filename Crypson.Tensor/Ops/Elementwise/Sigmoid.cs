using System.Numerics;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>Element-wise logistic function, 1 / (1 + e⁻ˣ). Gradient: y (1 - y).</summary>
    public Tensor Sigmoid() => Unary.Apply(this, new SigmoidOp());
}

internal readonly struct SigmoidOp : IUnaryOp
{
    public string Name => "sigmoid";

    public Vector<float> Forward(Vector<float> x) => Value(x);

    public Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy) => dy * (y * (Vector<float>.One - y));

    internal static Vector<float> Value(Vector<float> x) => Vector<float>.One / (Vector<float>.One + VectorMath.Exp(-x));
}
