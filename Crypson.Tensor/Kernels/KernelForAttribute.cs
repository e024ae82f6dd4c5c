namespace Crypson.Kernels;

/// <summary>
/// Names type arguments for which a generic kernel is built; repeat it for more. Without it, a kernel with one type
/// parameter that is constrained by an interface is built for each struct of the project that implements the interface.
/// </summary>
/// <param name="types">One type per type parameter.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class KernelForAttribute(params Type[] types) : Attribute
{
    /// <summary>One type per type parameter.</summary>
    public Type[] Types { get; } = types;
}
