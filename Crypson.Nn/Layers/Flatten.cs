namespace Crypson.Nn;

/// <summary>Merges all axes but the first.</summary>
public sealed class Flatten : Layer
{
    public override Tensor Forward(Tensor x) => x.Flatten();
}
