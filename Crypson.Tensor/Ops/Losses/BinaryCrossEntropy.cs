using System.Numerics;
using Crypson.Kernels;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>
    /// Binary cross-entropy of probabilities and targets of the same shape: -(t log x + (1 - t) log(1 - x)), each logarithm
    /// at least -100. Gradient: (x - t) / max(x (1 - x), 1e-12). Values outside [0, 1] give NaN.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public Tensor BinaryCrossEntropy(Tensor target, LossReduction reduction = LossReduction.Mean) =>
        Loss("binary cross entropy", target, new BinaryCrossEntropyOp(), reduction);

    /// <summary>
    /// Binary cross-entropy of logits and targets of the same shape: max(x, 0) - x t + log(1 + e^-|x|).
    /// Gradient: sigmoid(x) - t.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public Tensor BinaryCrossEntropyWithLogits(Tensor target, LossReduction reduction = LossReduction.Mean) =>
        Loss("binary cross entropy with logits", target, new BinaryCrossEntropyWithLogitsOp(), reduction);

    private Tensor Loss<TOp>(string op, Tensor target, TOp function, LossReduction reduction)
        where TOp : unmanaged, IBinaryOp
    {
        if (target.Shape != Shape)
        {
            throw new ArgumentException($"{op}: shapes differ: {Shape} and target {target.Shape}");
        }

        if (target.RequiresGrad)
        {
            throw new ArgumentException($"{op}: the target has no gradient; pass target.Detach()");
        }

        var loss = Binary.Apply(this, target, function);
        return reduction == LossReduction.Mean ? loss.Mean() : loss.Sum();
    }
}

internal readonly partial struct BinaryCrossEntropyOp : IBinaryOp
{
    public string Name => "binary cross entropy";

    [Elementwise]
    public float Forward(float a, float b) => -((b * LimitedLog(a)) + ((1f - b) * LimitedLog(1f - a)));

    [Elementwise]
    public float BackwardA(float a, float b, float dy)
    {
        var spread = a * (1f - a);
        return dy * (a - b) / (spread < 1e-12f ? 1e-12f : spread);
    }

    // Nobody asks for it: a target with a gradient was refused.
    public float BackwardB(float a, float b, float dy) => float.NaN;

    public Vector<float> BackwardB(Vector<float> a, Vector<float> b, Vector<float> dy) =>
        throw new InvalidOperationException("binary cross entropy: the target has no gradient");

    [Elementwise]
    private static float LimitedLog(float x)
    {
        var log = MathF.Log(x);
        return log < -100f ? -100f : log;
    }
}

internal readonly partial struct BinaryCrossEntropyWithLogitsOp : IBinaryOp
{
    public string Name => "binary cross entropy with logits";

    [Elementwise]
    public float Forward(float a, float b)
    {
        var positive = a < 0f ? 0f : a;
        return positive - (a * b) + LogOnePlus(VectorMath.Exp(-MathF.Abs(a)));
    }

    [Elementwise]
    public float BackwardA(float a, float b, float dy) => dy * (SigmoidOp.Value(a) - b);

    // Nobody asks for it: a target with a gradient was refused.
    public float BackwardB(float a, float b, float dy) => float.NaN;

    public Vector<float> BackwardB(Vector<float> a, Vector<float> b, Vector<float> dy) =>
        throw new InvalidOperationException("binary cross entropy with logits: the target has no gradient");

    // log(1 + e) for e in [0, 1]; log(u) e / (u - 1) corrects the rounding of u = 1 + e (Kahan).
    [Elementwise]
    private static float LogOnePlus(float e)
    {
        var u = 1f + e;
        var corrected = MathF.Log(u) * e / (u - 1f);
        return u == 1f ? e : corrected;
    }
}
