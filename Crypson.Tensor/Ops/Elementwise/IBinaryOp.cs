using System.Numerics;

namespace Crypson;

/// <summary>An element-wise function of two tensors: its value and its gradients, on a vector of elements.</summary>
internal interface IBinaryOp
{
    /// <summary>The name in error messages.</summary>
    string Name { get; }

    Vector<float> Forward(Vector<float> a, Vector<float> b);

    /// <summary>The gradient of a from both operands and the gradient of the result.</summary>
    Vector<float> BackwardA(Vector<float> a, Vector<float> b, Vector<float> dy);

    /// <summary>The gradient of b from both operands and the gradient of the result.</summary>
    Vector<float> BackwardB(Vector<float> a, Vector<float> b, Vector<float> dy);
}
