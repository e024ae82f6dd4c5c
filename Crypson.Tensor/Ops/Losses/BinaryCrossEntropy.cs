using System.Numerics;

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
        where TOp : struct, IBinaryOp
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

internal readonly struct BinaryCrossEntropyOp : IBinaryOp
{
    public string Name => "binary cross entropy";

    public Vector<float> Forward(Vector<float> a, Vector<float> b)
    {
        var one = Vector<float>.One;
        return -((b * LimitedLog(a)) + ((one - b) * LimitedLog(one - a)));
    }

    public Vector<float> BackwardA(Vector<float> a, Vector<float> b, Vector<float> dy)
    {
        var spread = a * (Vector<float>.One - a);
        var least = new Vector<float>(1e-12f);
        return dy * (a - b) / Vector.ConditionalSelect(Vector.LessThan(spread, least), least, spread);
    }

    public Vector<float> BackwardB(Vector<float> a, Vector<float> b, Vector<float> dy) =>
        throw new InvalidOperationException("binary cross entropy: the target has no gradient");

    private static Vector<float> LimitedLog(Vector<float> x)
    {
        var log = Vector.Log(x);
        var least = new Vector<float>(-100f);
        return Vector.ConditionalSelect(Vector.LessThan(log, least), least, log);
    }
}

internal readonly struct BinaryCrossEntropyWithLogitsOp : IBinaryOp
{
    public string Name => "binary cross entropy with logits";

    public Vector<float> Forward(Vector<float> a, Vector<float> b)
    {
        var positive = Vector.ConditionalSelect(Vector.LessThan(a, Vector<float>.Zero), Vector<float>.Zero, a);
        return positive - (a * b) + LogOnePlus(VectorMath.Exp(-Vector.Abs(a)));
    }

    public Vector<float> BackwardA(Vector<float> a, Vector<float> b, Vector<float> dy) => dy * (SigmoidOp.Value(a) - b);

    public Vector<float> BackwardB(Vector<float> a, Vector<float> b, Vector<float> dy) =>
        throw new InvalidOperationException("binary cross entropy with logits: the target has no gradient");

    // log(1 + e) for e in [0, 1]; log(u) e / (u - 1) corrects the rounding of u = 1 + e (Kahan).
    private static Vector<float> LogOnePlus(Vector<float> e)
    {
        var u = Vector<float>.One + e;
        var corrected = Vector.Log(u) * e / (u - Vector<float>.One);
        return Vector.ConditionalSelect(Vector.Equals(u, Vector<float>.One), e, corrected);
    }
}
