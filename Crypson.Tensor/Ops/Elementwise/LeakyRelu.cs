using System.Numerics;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>Element-wise x where x &gt; 0, else slope · x. Gradient: 1 or the slope (the slope at 0).</summary>
    public Tensor LeakyRelu(float negativeSlope = 0.01f) => Unary.Apply(this, new LeakyReluOp(negativeSlope));
}

internal readonly struct LeakyReluOp(float negativeSlope) : IUnaryOp
{
    public string Name => "leaky relu";

    public Vector<float> Forward(Vector<float> x) => Vector.ConditionalSelect(Vector.LessThanOrEqual(x, Vector<float>.Zero), x * negativeSlope, x);

    public Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy) => Vector.ConditionalSelect(Vector.LessThanOrEqual(x, Vector<float>.Zero), dy * negativeSlope, dy);
}
