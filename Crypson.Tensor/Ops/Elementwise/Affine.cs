using System.Numerics;

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
internal readonly struct AffineOp(float scale, float offset) : IUnaryOp
{
    public string Name => "affine";

    public Vector<float> Forward(Vector<float> x) => offset == 0 ? x * scale : x * scale + new Vector<float>(offset);

    public Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy) => dy * scale;
}

/// <summary>dividend / x, rounded once.</summary>
internal readonly struct DivideIntoOp(float dividend) : IUnaryOp
{
    public string Name => "divide";

    public Vector<float> Forward(Vector<float> x) => new Vector<float>(dividend) / x;

    public Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy) => -dy * y / x;
}

/// <summary>x / divisor, rounded once.</summary>
internal readonly struct DivideByOp(float divisor) : IUnaryOp
{
    public string Name => "divide";

    public Vector<float> Forward(Vector<float> x) => x / new Vector<float>(divisor);

    public Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy) => dy / new Vector<float>(divisor);
}
