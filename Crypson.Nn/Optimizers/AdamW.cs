namespace Crypson.Nn;

/// <summary>Adam with decoupled weight decay (Loshchilov, Hutter 2019): the parameter first shrinks by 1 - lr · decay.</summary>
/// <param name="parameters">What to update.</param>
/// <param name="learningRate">Step size.</param>
/// <param name="beta1">Decay of the mean of gradients, in [0, 1).</param>
/// <param name="beta2">Decay of the mean of squared gradients, in [0, 1).</param>
/// <param name="eps">Added to the root of the second moment.</param>
/// <param name="weightDecay">Relative shrinking per unit of learning rate.</param>
public sealed class AdamW(
    IEnumerable<(string Name, Tensor Value)> parameters, double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
    double weightDecay = 0.01)
    : Adam(parameters, learningRate, beta1, beta2, eps, weightDecay, true);
