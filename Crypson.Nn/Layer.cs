namespace Crypson.Nn;

/// <summary>A module that maps one tensor to one tensor, so that it can stand in a <see cref="Sequential"/>.</summary>
public abstract class Layer : Module
{
    /// <summary>The layer's value for a batch.</summary>
    public abstract Tensor Forward(Tensor x);

    /// <summary>Whether the layer, as it is set now, may be a part of an inference plan: no gradient, no statistics of the batch.</summary>
    /// <param name="noGrad">Whether recording is off.</param>
    internal virtual bool CanFuse(bool noGrad) => false;

    /// <summary>Adds the layer to those before it; false if it does not fit there.</summary>
    internal virtual bool Fuse(FusionBuilder builder) => false;

    /// <summary>Whether no parameter of this layer needs a gradient.</summary>
    private protected static bool IsFrozen(bool noGrad, Tensor weight, Tensor? bias) =>
        noGrad || !(weight.RequiresGrad || bias is { RequiresGrad: true });
}
