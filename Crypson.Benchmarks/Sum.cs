namespace Crypson.Benchmarks;

/// <summary>A sum in double precision, with the sum of its terms' magnitudes, which its rounding in float32 grows with.</summary>
internal struct Sum
{
    private double value;
    private double magnitude;

    /// <summary>The sum.</summary>
    public readonly (double Value, double Magnitude) Result => (value, magnitude);

    /// <summary>Adds a term.</summary>
    public void Add(double term)
    {
        value += term;
        magnitude += Math.Abs(term);
    }
}
