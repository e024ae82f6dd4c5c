using System.Globalization;

namespace Crypson.Models;

/// <summary>The range of an axis and its round marks: steps of 1, 2 or 5 times a power of ten.</summary>
internal sealed class AxisScale
{
    private readonly string format;

    private AxisScale(double low, double high, double step)
    {
        var decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(step) + 1e-9));
        format = decimals <= 5 && Math.Max(Math.Abs(low), Math.Abs(high)) < 1e9 ? $"N{decimals}" : "0.###e0";
        (Low, High) = (low, high);
        var first = (long)Math.Ceiling(low / step - 1e-9);
        var last = (long)Math.Floor(high / step + 1e-9);
        Ticks = [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => first + i == 0 ? 0 : (first + i) * step)];
    }

    /// <summary>The axis begins here.</summary>
    public double Low { get; }

    /// <summary>The axis ends here, above <see cref="Low"/>.</summary>
    public double High { get; }

    /// <summary>The marks, ascending.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>An axis that holds all finite values.</summary>
    /// <param name="values">NaN and infinities are passed over.</param>
    /// <param name="maxTicks">About the most marks there is room for.</param>
    /// <param name="isWidened">Whether the axis ends at round marks; otherwise at the outermost values.</param>
    public static AxisScale For(IReadOnlyCollection<double> values, int maxTicks, bool isWidened)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values.Where(v => double.IsFinite(v) && Math.Abs(v) < 1e300))
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        if (low > high)
        {
            (low, high) = (0, 1);
        }

        // A range of nothing, or so narrow that the marks would be lost in rounding, is opened up.
        if (high - low <= 1e-9 * Math.Max(Math.Abs(low), Math.Abs(high)))
        {
            var half = low == 0 ? 0.5 : 0.05 * Math.Abs(low);
            (low, high) = (low - half, high + half);
        }

        // Zero is taken in where it is near.
        if (isWidened && low > 0 && low < 0.3 * high)
        {
            low = 0;
        }

        // Epochs and steps are counted: no marks between whole numbers.
        var least = !isWidened && values.All(double.IsInteger) ? 1 : 0;
        var step = Math.Max(least, RoundStep((high - low) / maxTicks));
        return isWidened
            ? new AxisScale(Math.Floor(low / step + 1e-9) * step, Math.Ceiling(high / step - 1e-9) * step, step)
            : new AxisScale(low, high, step);
    }

    /// <summary>The text at a mark.</summary>
    public string Label(double tick) => tick.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>0 at <see cref="Low"/>, 1 at <see cref="High"/>.</summary>
    public double Position(double value) => (value - Low) / (High - Low);

    private static double RoundStep(double least)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        return (least / power) switch
        {
            <= 1.0000001 => power,
            <= 2.0000001 => 2 * power,
            <= 5.0000001 => 5 * power,
            _ => 10 * power,
        };
    }
}
