using Crypson.Kernels;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>Element-wise logistic function, 1 / (1 + e⁻ˣ). Gradient: y (1 - y).</summary>
    public Tensor Sigmoid() => Unary.Apply(this, new SigmoidOp());
}

internal readonly partial struct SigmoidOp : IUnaryOp
{
    public string Name => "sigmoid";

    [Elementwise]
    public float Forward(float x) => Value(x);

    [Elementwise]
    public float Backward(float x, float y, float dy) => dy * (y * (1f - y));

    [Elementwise]
    internal static float Value(float x) => 1f / (1f + VectorMath.Exp(-x));
}
