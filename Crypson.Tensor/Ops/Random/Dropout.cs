using System.Numerics;

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
internal readonly struct DropoutOp(float p) : IBinaryOp
{
    private readonly float scale = 1 / (1 - p);

    public string Name => "dropout";

    public Vector<float> Forward(Vector<float> a, Vector<float> b) =>
        Vector.ConditionalSelect(Vector.GreaterThanOrEqual(b, new Vector<float>(p)), a * scale, Vector<float>.Zero);

    public Vector<float> BackwardA(Vector<float> a, Vector<float> b, Vector<float> dy) =>
        Vector.ConditionalSelect(Vector.GreaterThanOrEqual(b, new Vector<float>(p)), dy * scale, Vector<float>.Zero);

    public Vector<float> BackwardB(Vector<float> a, Vector<float> b, Vector<float> dy) =>
        throw new InvalidOperationException("dropout: the random numbers have no gradient");
}
