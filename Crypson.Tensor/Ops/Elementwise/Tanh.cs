using System.Numerics;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>Element-wise hyperbolic tangent. Gradient: 1 - y².</summary>
    public Tensor Tanh() => Unary.Apply(this, new TanhOp());
}

internal readonly struct TanhOp : IUnaryOp
{
    public string Name => "tanh";

    // Near 0 the quotient cancels, so a polynomial (Cephes tanhf) takes over; both keep the sign of x.
    public Vector<float> Forward(Vector<float> x)
    {
        var magnitude = Vector.Abs(x);
        var e = VectorMath.Exp(magnitude * -2f);
        var quotient = (Vector<float>.One - e) / (Vector<float>.One + e);
        var z = x * x;
        var p = new Vector<float>(-5.70498872745e-3f);
        p = p * z + new Vector<float>(2.06390887954e-2f);
        p = p * z + new Vector<float>(-5.37397155531e-2f);
        p = p * z + new Vector<float>(1.33314422036e-1f);
        p = p * z + new Vector<float>(-3.33332819422e-1f);
        var near = p * z * x + x;
        var far = Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), -quotient, quotient);
        return Vector.ConditionalSelect(Vector.LessThan(magnitude, new Vector<float>(0.625f)), near, far);
    }

    public Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy) => dy * (Vector<float>.One - y * y);
}
