using System.Numerics;

namespace Crypson;

/// <summary>An element-wise function of one tensor: its value and its gradient, on a vector of elements.</summary>
internal interface IUnaryOp
{
    /// <summary>The name in error messages.</summary>
    string Name { get; }

    Vector<float> Forward(Vector<float> x);

    /// <summary>The gradient of x from x, the result y and the gradient of y.</summary>
    Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy);
}
