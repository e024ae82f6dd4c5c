using System.Numerics;

namespace Crypson;

/// <summary>An element-wise function of one tensor: its value and its gradient, on one element (kernels of devices) and on a vector (the CPU).</summary>
internal interface IUnaryOp
{
    /// <summary>The name in error messages.</summary>
    string Name { get; }

    float Forward(float x);

    Vector<float> Forward(Vector<float> x);

    /// <summary>The gradient of x from x, the result y and the gradient of y.</summary>
    float Backward(float x, float y, float dy);

    /// <inheritdoc cref="Backward(float, float, float)"/>
    Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy);
}
