namespace Crypson.Benchmarks;

/// <summary>Seeded operands.</summary>
internal static class Samples
{
    /// <summary>Uniform numbers in [-1, 1), the same on every device; on the CPU unless one is given.</summary>
    public static Tensor Uniform(Shape shape, ulong seed, Device? device = null) => Tensor.Uniform(shape, new Philox(seed), -1, 1, device).Persist();
}
