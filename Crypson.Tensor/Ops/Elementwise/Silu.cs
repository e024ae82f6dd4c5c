using Crypson.Kernels;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>
    /// Element-wise x · sigmoid(x) (Elfwing, Uchibe, Doya 2018). Gradient: s (1 + x (1 - s)) with s = sigmoid(x).
    /// </summary>
    public Tensor Silu() => Unary.Apply(this, new SiluOp());
}

internal readonly partial struct SiluOp : IUnaryOp
{
    public string Name => "silu";

    // At negative infinity the product is 0 times infinity; the limit is 0.
    [Elementwise]
    public float Forward(float x) => x < -110f ? 0f : x * SigmoidOp.Value(x);

    [Elementwise]
    public float Backward(float x, float y, float dy)
    {
        var s = SigmoidOp.Value(x);
        return dy * (s + y * (1f - s));
    }
}
