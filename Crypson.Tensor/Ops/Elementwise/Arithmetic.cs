using System.Numerics;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>Element-wise sum, with broadcasting.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or the devices differ.</exception>
    public static Tensor operator +(Tensor a, Tensor b) => Binary.Apply(a, b, new AddOp());

    /// <summary>Element-wise difference, with broadcasting.</summary>
    public static Tensor operator -(Tensor a, Tensor b) => Binary.Apply(a, b, new SubtractOp());

    /// <summary>Element-wise product, with broadcasting.</summary>
    public static Tensor operator *(Tensor a, Tensor b) => Binary.Apply(a, b, new MultiplyOp());

    /// <summary>Element-wise quotient, with broadcasting.</summary>
    public static Tensor operator /(Tensor a, Tensor b) => Binary.Apply(a, b, new DivideOp());

    /// <summary>Element-wise larger value, with broadcasting; NaN wins. Where both are equal each gets half the gradient.</summary>
    public static Tensor Maximum(Tensor a, Tensor b) => Binary.Apply(a, b, new MaximumOp());

    /// <summary>Element-wise smaller value, with broadcasting; NaN wins. Where both are equal each gets half the gradient.</summary>
    public static Tensor Minimum(Tensor a, Tensor b) => Binary.Apply(a, b, new MinimumOp());
}

internal readonly struct AddOp : IBinaryOp
{
    public string Name => "add";

    public Vector<float> Forward(Vector<float> a, Vector<float> b) => a + b;

    public Vector<float> BackwardA(Vector<float> a, Vector<float> b, Vector<float> dy) => dy;

    public Vector<float> BackwardB(Vector<float> a, Vector<float> b, Vector<float> dy) => dy;
}

internal readonly struct SubtractOp : IBinaryOp
{
    public string Name => "subtract";

    public Vector<float> Forward(Vector<float> a, Vector<float> b) => a - b;

    public Vector<float> BackwardA(Vector<float> a, Vector<float> b, Vector<float> dy) => dy;

    public Vector<float> BackwardB(Vector<float> a, Vector<float> b, Vector<float> dy) => -dy;
}

internal readonly struct MultiplyOp : IBinaryOp
{
    public string Name => "multiply";

    public Vector<float> Forward(Vector<float> a, Vector<float> b) => a * b;

    public Vector<float> BackwardA(Vector<float> a, Vector<float> b, Vector<float> dy) => dy * b;

    public Vector<float> BackwardB(Vector<float> a, Vector<float> b, Vector<float> dy) => dy * a;
}

internal readonly struct DivideOp : IBinaryOp
{
    public string Name => "divide";

    public Vector<float> Forward(Vector<float> a, Vector<float> b) => a / b;

    public Vector<float> BackwardA(Vector<float> a, Vector<float> b, Vector<float> dy) => dy / b;

    public Vector<float> BackwardB(Vector<float> a, Vector<float> b, Vector<float> dy) => -dy * (a / b) / b;
}

internal readonly struct MaximumOp : IBinaryOp
{
    public string Name => "maximum";

    // Both comparisons fail when an operand is NaN: a + b is then NaN.
    public Vector<float> Forward(Vector<float> a, Vector<float> b) =>
        Vector.ConditionalSelect(Vector.GreaterThanOrEqual(a, b), a, Vector.ConditionalSelect(Vector.LessThan(a, b), b, a + b));

    public Vector<float> BackwardA(Vector<float> a, Vector<float> b, Vector<float> dy) => Share(a, b, dy);

    public Vector<float> BackwardB(Vector<float> a, Vector<float> b, Vector<float> dy) => Share(b, a, dy);

    private static Vector<float> Share(Vector<float> mine, Vector<float> other, Vector<float> dy) => Vector.ConditionalSelect(
        Vector.Equals(mine, other), dy * 0.5f, Vector.ConditionalSelect(Vector.LessThan(mine, other), Vector<float>.Zero, dy));
}

internal readonly struct MinimumOp : IBinaryOp
{
    public string Name => "minimum";

    public Vector<float> Forward(Vector<float> a, Vector<float> b) => -default(MaximumOp).Forward(-a, -b);

    public Vector<float> BackwardA(Vector<float> a, Vector<float> b, Vector<float> dy) => default(MaximumOp).BackwardA(-a, -b, dy);

    public Vector<float> BackwardB(Vector<float> a, Vector<float> b, Vector<float> dy) => default(MaximumOp).BackwardB(-a, -b, dy);
}
