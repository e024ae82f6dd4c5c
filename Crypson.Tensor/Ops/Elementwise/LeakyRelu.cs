using Crypson.Kernels;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>Element-wise x where x &gt; 0, else slope · x. Gradient: 1 or the slope (the slope at 0).</summary>
    public Tensor LeakyRelu(float negativeSlope = 0.01f) => Unary.Apply(this, new LeakyReluOp(negativeSlope));
}

internal readonly partial struct LeakyReluOp(float negativeSlope) : IUnaryOp
{
    private readonly float negativeSlope = negativeSlope;

    public string Name => "leaky relu";

    [Elementwise]
    public float Forward(float x) => x <= 0f ? x * negativeSlope : x;

    [Elementwise]
    public float Backward(float x, float y, float dy) => x <= 0f ? dy * negativeSlope : dy;
}
