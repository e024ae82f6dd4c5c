namespace Crypson.Benchmarks;

/// <summary>Seeded operands and comparisons with double precision.</summary>
internal static class Samples
{
    private const int Count = 50;

    /// <summary>Uniform numbers in [-1, 1).</summary>
    public static Tensor Uniform(Shape shape, ulong seed) => Tensor.Uniform(shape, new Philox(seed), -1, 1).Persist();

    /// <summary>Throws if one of a few elements differs from its double-precision value by more than rounding.</summary>
    /// <param name="name">For the message.</param>
    /// <param name="actual">The result.</param>
    /// <param name="exact">Value of an element, and the sum of the magnitudes of its terms.</param>
    public static void Check(string name, float[] actual, Func<int, (double Value, double Magnitude)> exact)
    {
        var random = new Random(1);
        for (var i = 0; i < Count; i++)
        {
            var element = random.Next(actual.Length);
            var (value, magnitude) = exact(element);
            Check($"{name}: element {element}", actual[element], value, magnitude);
        }
    }

    /// <summary>Throws if a value is off by more than rounding of terms of this magnitude.</summary>
    public static void Check(string name, double actual, double exact, double magnitude)
    {
        if (!(Math.Abs(actual - exact) <= (3e-6 * magnitude) + 1e-6))
        {
            throw new InvalidOperationException($"{name} is {actual:R} instead of {exact:R}");
        }
    }

    /// <summary>Throws if a number is not finite.</summary>
    public static void CheckFinite(string name, Tensor value)
    {
        if (value.ToArray().Any(number => !float.IsFinite(number)))
        {
            throw new InvalidOperationException($"{name}: the result is not finite");
        }
    }
}
