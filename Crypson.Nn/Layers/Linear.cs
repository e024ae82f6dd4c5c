namespace Crypson.Nn;

/// <summary>x Wᵀ + b: [..., in] to [..., out].</summary>
public sealed class Linear : Layer
{
    /// <param name="inputs">Size of the last axis of the input.</param>
    /// <param name="outputs">Size of the last axis of the result.</param>
    /// <param name="random">Draws the starting values.</param>
    /// <param name="bias">Whether there is a b.</param>
    public Linear(int inputs, int outputs, Philox random, bool bias = true)
    {
        Weight = AddParameter("weight", Initialization.FanInUniform([outputs, inputs], inputs, random));
        Bias = bias ? AddParameter("bias", Initialization.FanInUniform([outputs], inputs, random)) : null;
    }

    /// <summary>[out, in].</summary>
    public Tensor Weight { get; }

    /// <summary>[out], or none.</summary>
    public Tensor? Bias { get; }

    public override Tensor Forward(Tensor x) => x.Linear(Weight, Bias);

    internal override bool CanFuse(bool noGrad) => IsFrozen(noGrad, Weight, Bias);

    internal override bool Fuse(FusionBuilder builder) => builder.Linear(Weight, Bias);
}
