namespace Crypson.Kernels;

/// <summary>
/// Marks a static method as a kernel. At build time the generator lowers it, and what it calls, to OpenCL C and CUDA C,
/// and adds a method <c>Launch…</c> to the partial class that holds it.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KernelAttribute : Attribute
{
    /// <summary>The languages to lower to; both unless the kernel uses what only one has.</summary>
    public KernelTargets Targets { get; set; } = KernelTargets.All;
}
