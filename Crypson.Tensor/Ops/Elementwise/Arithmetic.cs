using Crypson.Kernels;

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

internal readonly partial struct AddOp : IBinaryOp
{
    public string Name => "add";

    [Elementwise]
    public float Forward(float a, float b) => a + b;

    [Elementwise]
    public float BackwardA(float a, float b, float dy) => dy;

    [Elementwise]
    public float BackwardB(float a, float b, float dy) => dy;
}

internal readonly partial struct SubtractOp : IBinaryOp
{
    public string Name => "subtract";

    [Elementwise]
    public float Forward(float a, float b) => a - b;

    [Elementwise]
    public float BackwardA(float a, float b, float dy) => dy;

    [Elementwise]
    public float BackwardB(float a, float b, float dy) => -dy;
}

internal readonly partial struct MultiplyOp : IBinaryOp
{
    public string Name => "multiply";

    [Elementwise]
    public float Forward(float a, float b) => a * b;

    [Elementwise]
    public float BackwardA(float a, float b, float dy) => dy * b;

    [Elementwise]
    public float BackwardB(float a, float b, float dy) => dy * a;
}

internal readonly partial struct DivideOp : IBinaryOp
{
    public string Name => "divide";

    [Elementwise]
    public float Forward(float a, float b) => a / b;

    [Elementwise]
    public float BackwardA(float a, float b, float dy) => dy / b;

    [Elementwise]
    public float BackwardB(float a, float b, float dy) => -dy * (a / b) / b;
}

internal readonly partial struct MaximumOp : IBinaryOp
{
    public string Name => "maximum";

    // Both comparisons fail when an operand is NaN: a + b is then NaN.
    [Elementwise]
    public float Forward(float a, float b) => a >= b ? a : a < b ? b : a + b;

    [Elementwise]
    public float BackwardA(float a, float b, float dy) => Share(a, b, dy);

    [Elementwise]
    public float BackwardB(float a, float b, float dy) => Share(b, a, dy);

    [Elementwise]
    private static float Share(float mine, float other, float dy) => mine == other ? dy * 0.5f : mine < other ? 0f : dy;
}

internal readonly partial struct MinimumOp : IBinaryOp
{
    public string Name => "minimum";

    [Elementwise]
    public float Forward(float a, float b) => -default(MaximumOp).Forward(-a, -b);

    [Elementwise]
    public float BackwardA(float a, float b, float dy) => default(MaximumOp).BackwardA(-a, -b, dy);

    [Elementwise]
    public float BackwardB(float a, float b, float dy) => default(MaximumOp).BackwardB(-a, -b, dy);
}
