using Crypson.Kernels;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>Element-wise -x. Gradient: -1.</summary>
    public static Tensor operator -(Tensor x) => Unary.Apply(x, new AffineOp(-1, 0));

    /// <summary>Element-wise x + b.</summary>
    public static Tensor operator +(Tensor x, float b) => Unary.Apply(x, new AffineOp(1, b));

    /// <summary>Element-wise a + x.</summary>
    public static Tensor operator +(float a, Tensor x) => Unary.Apply(x, new AffineOp(1, a));

    /// <summary>Element-wise x - b.</summary>
    public static Tensor operator -(Tensor x, float b) => Unary.Apply(x, new AffineOp(1, -b));

    /// <summary>Element-wise a - x.</summary>
    public static Tensor operator -(float a, Tensor x) => Unary.Apply(x, new AffineOp(-1, a));

    /// <summary>Element-wise x · b.</summary>
    public static Tensor operator *(Tensor x, float b) => Unary.Apply(x, new AffineOp(b, 0));

    /// <summary>Element-wise a · x.</summary>
    public static Tensor operator *(float a, Tensor x) => Unary.Apply(x, new AffineOp(a, 0));

    /// <summary>Element-wise x / b.</summary>
    public static Tensor operator /(Tensor x, float b) => Unary.Apply(x, new DivideByOp(b));

    /// <summary>Element-wise a / x.</summary>
    public static Tensor operator /(float a, Tensor x) => Unary.Apply(x, new DivideIntoOp(a));
}

/// <summary>scale · x + offset.</summary>
internal readonly partial struct AffineOp(float scale, float offset) : IUnaryOp
{
    private readonly float scale = scale;
    private readonly float offset = offset;

    public string Name => "affine";

    [Elementwise]
    public float Forward(float x) => offset == 0 ? x * scale : x * scale + offset;

    [Elementwise]
    public float Backward(float x, float y, float dy) => dy * scale;
}

/// <summary>dividend / x, rounded once.</summary>
internal readonly partial struct DivideIntoOp(float dividend) : IUnaryOp
{
    private readonly float dividend = dividend;

    public string Name => "divide";

    [Elementwise]
    public float Forward(float x) => dividend / x;

    [Elementwise]
    public float Backward(float x, float y, float dy) => -dy * y / x;
}

/// <summary>x / divisor, rounded once.</summary>
internal readonly partial struct DivideByOp(float divisor) : IUnaryOp
{
    private readonly float divisor = divisor;

    public string Name => "divide";

    [Elementwise]
    public float Forward(float x) => x / divisor;

    [Elementwise]
    public float Backward(float x, float y, float dy) => dy / divisor;
}
