using Crypson.Cpu.Inference;

namespace Crypson.Nn;

/// <summary>A layer without parameters: any function of one tensor.</summary>
/// <param name="function">The function.</param>
public sealed class Activation(Func<Tensor, Tensor> function) : Layer
{
    private readonly FusedActivation kind;
    private readonly float slope;

    private Activation(FusedActivation kind, Func<Tensor, Tensor> function, float slope = 0)
        : this(function) => (this.kind, this.slope) = (kind, slope);

    /// <summary>Whether this is max(x, 0), which <see cref="Sequential"/> lets the batch norm before it do.</summary>
    internal bool IsRelu => kind == FusedActivation.Relu;

    /// <summary>max(x, 0).</summary>
    public static Activation Relu() => new(FusedActivation.Relu, x => x.Relu());

    /// <summary>x, or slope · x where x is negative.</summary>
    public static Activation LeakyRelu(float negativeSlope) => new(FusedActivation.LeakyRelu, x => x.LeakyRelu(negativeSlope), negativeSlope);

    /// <summary>Hyperbolic tangent.</summary>
    public static Activation Tanh() => new(FusedActivation.Tanh, x => x.Tanh());

    /// <summary>Logistic function.</summary>
    public static Activation Sigmoid() => new(FusedActivation.Sigmoid, x => x.Sigmoid());

    /// <summary>x · sigmoid(x).</summary>
    public static Activation Silu() => new(FusedActivation.Silu, x => x.Silu());

    public override Tensor Forward(Tensor x) => function(x);

    // A function of one's own has no kind.
    internal override bool CanFuse(bool noGrad) => kind != FusedActivation.None;

    internal override bool Fuse(FusionBuilder builder) => builder.Activation(kind, slope);
}
