namespace Crypson.Tests.Cpu;

/// <summary>Test operands, and the comparison of a float32 sum with its double-precision reference.</summary>
internal static class Numbers
{
    // Float32 rounding of a sum, relative to the sum of the magnitudes of its terms. Half a unit in the last place is
    // 6e-8 per step; the errors of a few thousand steps in blocks and vector lanes stay below this.
    private const double Tolerance = 1e-6;

    public static float[] Random(int seed, long length)
    {
        var random = new Random(seed);
        var values = new float[length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(random.NextDouble() * 2 - 1);
        }

        return values;
    }

    public static void AssertClose(double expected, double magnitude, float actual, string where)
    {
        var error = Math.Abs(expected - actual);
        if (!(error <= Tolerance * magnitude + 1e-30))
        {
            Assert.Fail($"{where}: expected {expected:R}, got {actual:R} (error {error:E2}, magnitude {magnitude:E2})");
        }
    }
}
