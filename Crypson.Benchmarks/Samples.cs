namespace Crypson.Benchmarks;

/// <summary>Seeded operands.</summary>
internal static class Samples
{
    /// <summary>Uniform numbers in [-1, 1).</summary>
    public static Tensor Uniform(Shape shape, ulong seed) => Tensor.Uniform(shape, new Philox(seed), -1, 1).Persist();
}
