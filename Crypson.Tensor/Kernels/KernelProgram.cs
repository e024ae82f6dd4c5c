namespace Crypson.Kernels;

/// <summary>A kernel's text in each language, as the generator embeds it.</summary>
/// <param name="name">The kernel's name in the text.</param>
/// <param name="source">Where the C# method is: file and line, for error messages.</param>
/// <param name="openCl">OpenCL C 1.2, or null when the kernel is not lowered to it.</param>
/// <param name="cuda">CUDA C, or null when the kernel is not lowered to it.</param>
/// <param name="features">What the kernel needs.</param>
public sealed class KernelProgram(string name, string source, string? openCl, string? cuda, KernelFeatures features)
{
    /// <summary>The kernel's name in the text.</summary>
    public string Name { get; } = name;

    /// <summary>Where the C# method is.</summary>
    public string Source { get; } = source;

    /// <summary>OpenCL C 1.2, or null when the kernel is not lowered to it.</summary>
    public string? OpenCl { get; } = openCl;

    /// <summary>CUDA C, or null when the kernel is not lowered to it.</summary>
    public string? Cuda { get; } = cuda;

    /// <summary>What the kernel needs.</summary>
    public KernelFeatures Features { get; } = features;

    public override string ToString() => $"{Name} ({Source})";
}
