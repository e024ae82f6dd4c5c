namespace Crypson.Nn;

/// <summary>A module that maps one tensor to one tensor, so that it can stand in a <see cref="Sequential"/>.</summary>
public abstract class Layer : Module
{
    /// <summary>The layer's value for a batch.</summary>
    public abstract Tensor Forward(Tensor x);
}
