namespace Crypson.Nn;

/// <summary>Merges all axes but the first.</summary>
public sealed class Flatten : Layer
{
    public override Tensor Forward(Tensor x) => x.Flatten();

    internal override bool CanFuse(bool noGrad) => true;

    internal override bool Fuse(FusionBuilder builder) => builder.Flatten();
}
