namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>
    /// Cross-entropy of logits [n, classes] and class indices [n]: the negative log-softmax at the target.
    /// Gradient: softmax - one-hot, divided by n for the mean.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not a class.</exception>
    public Tensor CrossEntropy(IndexTensor target, LossReduction reduction = LossReduction.Mean)
    {
        if (Rank != 2 || target.Shape.Rank != 1 || target.Count != Shape[0])
        {
            throw new ArgumentException($"cross entropy: logits {Shape} must be [batch, classes] and targets {target.Shape} [batch]");
        }

        target.RequireBelow("cross entropy", Shape[1]);
        var picked = -LogSoftmax().Gather(1, target.Reshape([target.Count, 1]));
        return reduction == LossReduction.Mean ? picked.Mean() : picked.Sum();
    }
}
