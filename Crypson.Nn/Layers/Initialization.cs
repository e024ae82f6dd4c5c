namespace Crypson.Nn;

/// <summary>Starting values of parameters, as PyTorch's layers choose them.</summary>
public static class Initialization
{
    /// <summary>
    /// Uniform in ±1/√fan_in: what kaiming_uniform with a = √5 gives (He et al. 2015), and PyTorch's choice for linear and
    /// convolution weights and biases.
    /// </summary>
    public static Tensor FanInUniform(Shape shape, int fanIn, Philox random)
    {
        var bound = fanIn == 0 ? 0 : 1 / MathF.Sqrt(fanIn);
        return Tensor.Uniform(shape, random, -bound, bound);
    }
}
