namespace Crypson.Cpu.Inference;

/// <summary>A batch norm by running statistics, each [channels].</summary>
internal sealed record InferenceNorm(Tensor Weight, Tensor Bias, Tensor Mean, Tensor Variance, float Eps);
