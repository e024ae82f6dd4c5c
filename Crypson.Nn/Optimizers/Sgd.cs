namespace Crypson.Nn;

/// <summary>Stochastic gradient descent, with momentum and weight decay on request (PyTorch's form).</summary>
public sealed class Sgd : Optimizer
{
    private readonly List<Tensor>? velocities;
    private readonly double momentum;
    private readonly double weightDecay;
    private readonly bool nesterov;

    /// <param name="parameters">What to update.</param>
    /// <param name="learningRate">Step size.</param>
    /// <param name="momentum">Share of the last step that continues, in [0, 1).</param>
    /// <param name="weightDecay">Factor of the parameter added to its gradient.</param>
    /// <param name="nesterov">Looks ahead along the momentum (Nesterov 1983).</param>
    public Sgd(IEnumerable<(string Name, Tensor Value)> parameters, double learningRate, double momentum = 0, double weightDecay = 0, bool nesterov = false)
        : base(parameters, learningRate)
    {
        if (!(momentum is >= 0 and < 1 && weightDecay >= 0) || (nesterov && momentum == 0))
        {
            throw new ArgumentException($"sgd: momentum {momentum} must be in [0, 1), above 0 for nesterov, weight decay {weightDecay} 0 or more");
        }

        (this.momentum, this.weightDecay, this.nesterov) = (momentum, weightDecay, nesterov);
        velocities = momentum > 0 ? ZeroMoments() : null;
    }

    protected override void Update(int index, Tensor parameter, Tensor gradient) =>
        OptimizerKernels.Sgd(parameter, gradient, velocities?[index], LearningRate, momentum, weightDecay, nesterov);

    protected override IEnumerable<(string Kind, IReadOnlyList<Tensor> Values)> Moments() => velocities is null ? [] : [("momentum", velocities)];
}
