namespace Crypson.Nn;

/// <summary>Batch normalisation of [n, channels, h, w], with running statistics for evaluation.</summary>
public sealed class BatchNorm2d : Layer
{
    private readonly float momentum;
    private readonly float eps;

    /// <param name="channels">Channels of the input.</param>
    /// <param name="momentum">Share of each batch in the running statistics.</param>
    /// <param name="eps">Added to the variance.</param>
    public BatchNorm2d(int channels, float momentum = 0.1f, float eps = 1e-5f)
    {
        (this.momentum, this.eps) = (momentum, eps);
        Weight = AddParameter("weight", Tensor.Ones([channels]));
        Bias = AddParameter("bias", Tensor.Zeros([channels]));
        RunningMean = AddBuffer("running_mean", Tensor.Zeros([channels]));
        RunningVariance = AddBuffer("running_var", Tensor.Ones([channels]));
    }

    /// <summary>[channels].</summary>
    public Tensor Weight { get; }

    /// <summary>[channels].</summary>
    public Tensor Bias { get; }

    /// <summary>[channels].</summary>
    public Tensor RunningMean { get; }

    /// <summary>[channels], unbiased.</summary>
    public Tensor RunningVariance { get; }

    public override Tensor Forward(Tensor x) => Forward(x, false);

    /// <summary>This layer and max(y, 0) after it, in one pass over memory.</summary>
    internal Tensor ForwardRelu(Tensor x) => Forward(x, true);

    internal override bool CanFuse(bool noGrad) => !IsTraining && IsFrozen(noGrad, Weight, Bias);

    internal override bool Fuse(FusionBuilder builder) => builder.Norm(new(Weight, Bias, RunningMean, RunningVariance, eps));

    private Tensor Forward(Tensor x, bool relu) =>
        x.BatchNorm(Weight, Bias, RunningMean, RunningVariance, IsTraining, momentum, eps, relu);
}
