namespace Crypson.Nn;

/// <summary>Sets elements to 0 at random while training; does nothing in evaluation.</summary>
/// <param name="p">Probability of a 0, in [0, 1).</param>
/// <param name="random">Draws them; its counter belongs into checkpoints.</param>
public sealed class Dropout(float p, Philox random) : Layer
{
    public override Tensor Forward(Tensor x) => IsTraining && p > 0 ? x.Dropout(p, random) : x;

    internal override bool CanFuse(bool noGrad) => !IsTraining || p <= 0;

    internal override bool Fuse(FusionBuilder builder) => true;
}
