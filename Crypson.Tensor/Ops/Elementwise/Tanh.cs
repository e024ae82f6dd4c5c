using Crypson.Kernels;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>Element-wise hyperbolic tangent. Gradient: 1 - y².</summary>
    public Tensor Tanh() => Unary.Apply(this, new TanhOp());
}

internal readonly partial struct TanhOp : IUnaryOp
{
    public string Name => "tanh";

    // Near 0 the quotient cancels, so a polynomial (Cephes tanhf) takes over; both keep the sign of x.
    [Elementwise]
    public float Forward(float x)
    {
        var magnitude = MathF.Abs(x);
        var e = VectorMath.Exp(magnitude * -2f);
        var quotient = (1f - e) / (1f + e);
        var z = x * x;
        var p = -5.70498872745e-3f;
        p = p * z + 2.06390887954e-2f;
        p = p * z + -5.37397155531e-2f;
        p = p * z + 1.33314422036e-1f;
        p = p * z + -3.33332819422e-1f;
        var near = p * z * x + x;
        var far = x < 0f ? -quotient : quotient;
        return magnitude < 0.625f ? near : far;
    }

    [Elementwise]
    public float Backward(float x, float y, float dy) => dy * (1f - y * y);
}
