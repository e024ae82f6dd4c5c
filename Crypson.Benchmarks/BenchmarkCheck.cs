namespace Crypson.Benchmarks;

/// <summary>A result beside the values that it should have.</summary>
/// <param name="Name">For the message.</param>
/// <param name="Actual">The result; all of it must be finite.</param>
/// <param name="Exact">Value of an element in double precision, and the sum of the magnitudes of its terms.</param>
public sealed record BenchmarkCheck(string Name, float[] Actual, Func<int, (double Value, double Magnitude)> Exact)
{
    private const int Samples = 50;

    /// <summary>Compares a few elements, drawn with a fixed seed.</summary>
    /// <exception cref="BenchmarkException">One is off by more than float32 rounding of its terms, or one is not finite.</exception>
    public void Verify()
    {
        if (!Actual.All(float.IsFinite))
        {
            throw new BenchmarkException($"{Name}: the result is not finite");
        }

        var random = new Random(1);
        for (var i = 0; i < Samples; i++)
        {
            var element = random.Next(Actual.Length);
            var (value, magnitude) = Exact(element);
            if (!(Math.Abs(Actual[element] - value) <= (3e-6 * magnitude) + 1e-6))
            {
                throw new BenchmarkException($"{Name}: element {element} is {Actual[element]:R} instead of {value:R}");
            }
        }
    }
}
