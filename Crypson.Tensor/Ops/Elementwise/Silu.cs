using System.Numerics;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>
    /// Element-wise x · sigmoid(x) (Elfwing, Uchibe, Doya 2018). Gradient: s (1 + x (1 - s)) with s = sigmoid(x).
    /// </summary>
    public Tensor Silu() => Unary.Apply(this, new SiluOp());
}

internal readonly struct SiluOp : IUnaryOp
{
    public string Name => "silu";

    public Vector<float> Forward(Vector<float> x)
    {
        // At negative infinity the product is 0 times infinity; the limit is 0.
        var y = x * SigmoidOp.Value(x);
        return Vector.ConditionalSelect(Vector.LessThan(x, new Vector<float>(-110f)), Vector<float>.Zero, y);
    }

    public Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy)
    {
        var s = SigmoidOp.Value(x);
        return dy * (s + y * (Vector<float>.One - s));
    }
}
