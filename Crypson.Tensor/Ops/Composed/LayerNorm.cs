namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>
    /// Layer normalisation (Ba, Kiros, Hinton 2016) over the last axis: (x - mean) / √(variance + eps) · weight + bias.
    /// </summary>
    /// <exception cref="ArgumentException">Weight or bias does not have the last axis's size.</exception>
    public Tensor LayerNorm(Tensor? weight = null, Tensor? bias = null, float eps = 1e-5f)
    {
        foreach (var parameter in (ReadOnlySpan<Tensor?>)[weight, bias])
        {
            if (parameter is not null && (parameter.Rank != 1 || Rank < 1 || parameter.Count != Shape[^1]))
            {
                throw new ArgumentException($"layer norm: a parameter of shape {parameter.Shape} does not fit input {Shape}");
            }
        }

        var centered = this - Mean([-1], keepDimensions: true);
        var y = centered / (centered.Square().Mean([-1], keepDimensions: true) + eps).Sqrt();
        y = weight is null ? y : y * weight;
        return bias is null ? y : y + bias;
    }
}
