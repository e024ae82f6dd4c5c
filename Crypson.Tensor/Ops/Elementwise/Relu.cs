using System.Numerics;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>Element-wise max(x, 0); NaN stays NaN. Gradient: 1 where x &gt; 0, else 0.</summary>
    public Tensor Relu() => Unary.Apply(this, new ReluOp());
}

internal readonly struct ReluOp : IUnaryOp
{
    public string Name => "relu";

    public Vector<float> Forward(Vector<float> x) => Vector.ConditionalSelect(Vector.LessThanOrEqual(x, Vector<float>.Zero), Vector<float>.Zero, x);

    public Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy) => Vector.ConditionalSelect(Vector.LessThanOrEqual(x, Vector<float>.Zero), Vector<float>.Zero, dy);
}
