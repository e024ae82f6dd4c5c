namespace Crypson.Cpu.Inference;

/// <summary>The element-wise functions that a stage of an <see cref="InferencePlan"/> can end with.</summary>
internal enum FusedActivation
{
    None,
    Relu,
    LeakyRelu,
    Tanh,
    Sigmoid,
    Silu,
}
