using System.Numerics;
using Crypson.Kernels;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>
    /// Sets each element to 0 with probability <paramref name="p"/> and scales the others by 1 / (1 - p)
    /// (Srivastava et al. 2014). Gradient: through the elements that were kept.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="p"/> is outside [0, 1).</exception>
    public Tensor Dropout(float p, Philox random)
    {
        if (!(p >= 0 && p < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(p), $"dropout: the probability {p} is outside [0, 1)");
        }

        return Binary.Apply(this, Uniform(Shape, random, device: Device), new DropoutOp(p));
    }
}

/// <summary>x / (1 - p) where the second operand, uniform in [0, 1), is at least p; else 0.</summary>
internal readonly partial struct DropoutOp(float p) : IBinaryOp
{
    private readonly float p = p;
    private readonly float scale = 1 / (1 - p);

    public string Name => "dropout";

    [Elementwise]
    public float Forward(float a, float b) => b >= p ? a * scale : 0f;

    [Elementwise]
    public float BackwardA(float a, float b, float dy) => b >= p ? dy * scale : 0f;

    // Nobody asks for it: the random numbers are made here.
    public float BackwardB(float a, float b, float dy) => float.NaN;

    public Vector<float> BackwardB(Vector<float> a, Vector<float> b, Vector<float> dy) =>
        throw new InvalidOperationException("dropout: the random numbers have no gradient");
}
