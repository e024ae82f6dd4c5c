namespace Crypson.Nn;

/// <summary>Adam (Kingma, Ba 2015) with bias correction; weight decay is added to the gradient.</summary>
public class Adam : Optimizer
{
    private readonly List<Tensor> firstMoments;
    private readonly List<Tensor> secondMoments;
    private readonly double beta1;
    private readonly double beta2;
    private readonly double eps;
    private readonly double weightDecay;
    private readonly bool decoupled;

    /// <param name="parameters">What to update.</param>
    /// <param name="learningRate">Step size.</param>
    /// <param name="beta1">Decay of the mean of gradients, in [0, 1).</param>
    /// <param name="beta2">Decay of the mean of squared gradients, in [0, 1).</param>
    /// <param name="eps">Added to the root of the second moment.</param>
    /// <param name="weightDecay">Factor of the parameter added to its gradient.</param>
    public Adam(
        IEnumerable<(string Name, Tensor Value)> parameters, double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
        double weightDecay = 0)
        : this(parameters, learningRate, beta1, beta2, eps, weightDecay, false)
    {
    }

    private protected Adam(
        IEnumerable<(string Name, Tensor Value)> parameters, double learningRate, double beta1, double beta2, double eps, double weightDecay, bool decoupled)
        : base(parameters, learningRate)
    {
        if (!(beta1 is >= 0 and < 1 && beta2 is >= 0 and < 1 && eps >= 0 && weightDecay >= 0))
        {
            throw new ArgumentException($"adam: betas {beta1}, {beta2} must be in [0, 1), eps {eps} and weight decay {weightDecay} 0 or more");
        }

        (this.beta1, this.beta2, this.eps, this.weightDecay, this.decoupled) = (beta1, beta2, eps, weightDecay, decoupled);
        firstMoments = ZeroMoments();
        secondMoments = ZeroMoments();
    }

    protected override void Update(int index, Tensor parameter, Tensor gradient) => OptimizerKernels.Adam(
        parameter, gradient, firstMoments[index], secondMoments[index], StepCount, LearningRate, beta1, beta2, eps,
        decoupled ? 0 : weightDecay, decoupled ? weightDecay : 0);

    protected override IEnumerable<(string Kind, IReadOnlyList<Tensor> Values)> Moments() => [("exp_avg", firstMoments), ("exp_avg_sq", secondMoments)];
}
