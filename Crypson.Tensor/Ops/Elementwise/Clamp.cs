using Crypson.Kernels;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>Element-wise x limited to [<paramref name="low"/>, <paramref name="high"/>]; NaN stays NaN. Gradient: 1 inside, 0 outside.</summary>
    /// <exception cref="ArgumentException"><paramref name="low"/> is above <paramref name="high"/>.</exception>
    public Tensor Clamp(float low, float high) => low <= high
        ? Unary.Apply(this, new ClampOp(low, high))
        : throw new ArgumentException($"clamp: the lower limit {low} is not below the upper limit {high}");
}

internal readonly partial struct ClampOp(float low, float high) : IUnaryOp
{
    private readonly float low = low;
    private readonly float high = high;

    public string Name => "clamp";

    [Elementwise]
    public float Forward(float x)
    {
        var y = x < low ? low : x;
        return y > high ? high : y;
    }

    [Elementwise]
    public float Backward(float x, float y, float dy) => x == y ? dy : 0f;
}
