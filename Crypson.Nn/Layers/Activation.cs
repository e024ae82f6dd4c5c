namespace Crypson.Nn;

/// <summary>A layer without parameters: any function of one tensor.</summary>
/// <param name="function">The function.</param>
public sealed class Activation(Func<Tensor, Tensor> function) : Layer
{
    /// <summary>max(x, 0).</summary>
    public static Activation Relu() => new(x => x.Relu()) { IsRelu = true };

    /// <summary>x, or slope · x where x is negative.</summary>
    public static Activation LeakyRelu(float negativeSlope) => new(x => x.LeakyRelu(negativeSlope));

    /// <summary>Hyperbolic tangent.</summary>
    public static Activation Tanh() => new(x => x.Tanh());

    /// <summary>Logistic function.</summary>
    public static Activation Sigmoid() => new(x => x.Sigmoid());

    /// <summary>x · sigmoid(x).</summary>
    public static Activation Silu() => new(x => x.Silu());

    /// <summary>Whether this is max(x, 0), which <see cref="Sequential"/> lets the batch norm before it do.</summary>
    internal bool IsRelu { get; private init; }

    public override Tensor Forward(Tensor x) => function(x);
}
