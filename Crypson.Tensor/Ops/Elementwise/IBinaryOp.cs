using System.Numerics;

namespace Crypson;

/// <summary>An element-wise function of two tensors: its value and its gradients, on one element (kernels of devices) and on a vector (the CPU).</summary>
internal interface IBinaryOp
{
    /// <summary>The name in error messages.</summary>
    string Name { get; }

    float Forward(float a, float b);

    Vector<float> Forward(Vector<float> a, Vector<float> b);

    /// <summary>The gradient of a from both operands and the gradient of the result.</summary>
    float BackwardA(float a, float b, float dy);

    /// <inheritdoc cref="BackwardA(float, float, float)"/>
    Vector<float> BackwardA(Vector<float> a, Vector<float> b, Vector<float> dy);

    /// <summary>The gradient of b from both operands and the gradient of the result.</summary>
    float BackwardB(float a, float b, float dy);

    /// <inheritdoc cref="BackwardB(float, float, float)"/>
    Vector<float> BackwardB(Vector<float> a, Vector<float> b, Vector<float> dy);
}
