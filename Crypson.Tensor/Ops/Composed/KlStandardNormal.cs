namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>
    /// Kullback-Leibler divergence of normal distributions from the standard normal one, summed over all elements:
    /// -½ Σ (1 + log σ² - μ² - σ²) (Kingma, Welling 2014, appendix B).
    /// </summary>
    /// <param name="mean">μ.</param>
    /// <param name="logVariance">log σ², of the same shape.</param>
    public static Tensor KlStandardNormal(Tensor mean, Tensor logVariance) => mean.Shape == logVariance.Shape
        ? (1 + logVariance - mean.Square() - logVariance.Exp()).Sum() * -0.5f
        : throw new ArgumentException($"kl standard normal: shapes differ: {mean.Shape} and {logVariance.Shape}");
}
