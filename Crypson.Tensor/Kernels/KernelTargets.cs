namespace Crypson.Kernels;

/// <summary>The languages that a kernel is lowered to. Plain C# always runs too.</summary>
[Flags]
public enum KernelTargets
{
    /// <summary>OpenCL C 1.2.</summary>
    OpenCl = 1,

    /// <summary>CUDA C.</summary>
    Cuda = 2,

    /// <summary>Both.</summary>
    All = OpenCl | Cuda,
}
