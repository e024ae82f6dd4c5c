namespace Crypson.Nn;

/// <summary>Splits the second axis: [n, a·b·c] to [n, a, b, c].</summary>
/// <param name="shape">The sizes it splits into.</param>
public sealed class Unflatten(Shape shape) : Layer
{
    public override Tensor Forward(Tensor x) => x.Reshape([x.Shape[0], .. shape.Sizes]);

    internal override bool CanFuse(bool noGrad) => true;

    internal override bool Fuse(FusionBuilder builder) => builder.Unflatten(shape);
}
