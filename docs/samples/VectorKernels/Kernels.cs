namespace VectorKernels;

/// <summary>One kernel, and a helper that it calls. The generator adds <c>LaunchGelu</c>.</summary>
internal static partial class Kernels
{
    /// <summary>y = x Φ(x), the activation of many transformers, in its tanh form (Hendrycks, Gimpel 2016).</summary>
    [Kernel]
    internal static void Gelu(Index1D i, ArrayView<float> x, ArrayView<float> y) => y[i] = Value(x[i]);

    internal static float Value(float x) => 0.5f * x * (1f + MathF.Tanh(0.7978846f * (x + 0.044715f * x * x * x)));
}
