namespace Crypson.Kernels;

/// <summary>
/// Marks a function of floats whose body is one expression, or variables and an expression. The generator adds the same
/// function of <see cref="System.Numerics.Vector{T}"/> beside it, so one expression serves the CPU's vectors and, called
/// from a kernel, OpenCL and CUDA.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ElementwiseAttribute : Attribute;
