namespace Crypson.Nn;

/// <summary>Layer normalisation over the last axis.</summary>
public sealed class LayerNorm : Layer
{
    private readonly float eps;

    /// <param name="width">Size of the last axis.</param>
    /// <param name="eps">Added to the variance.</param>
    public LayerNorm(int width, float eps = 1e-5f)
    {
        this.eps = eps;
        Weight = AddParameter("weight", Tensor.Ones([width]));
        Bias = AddParameter("bias", Tensor.Zeros([width]));
    }

    /// <summary>[width].</summary>
    public Tensor Weight { get; }

    /// <summary>[width].</summary>
    public Tensor Bias { get; }

    public override Tensor Forward(Tensor x) => x.LayerNorm(Weight, Bias, eps);
}
