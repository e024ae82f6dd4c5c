namespace Crypson;

/// <summary>Sums of floats whose error does not grow with their length, for kernels of devices.</summary>
internal static class Compensated
{
    /// <summary>Adds a value; the addition's rounding is carried on to the next one (Kahan 1965).</summary>
    public static void Add(ref float sum, ref float lost, float value)
    {
        var corrected = value - lost;
        var next = sum + corrected;

        // An infinity stays one: its difference to itself would be NaN.
        lost = float.IsFinite(next) ? next - sum - corrected : 0f;
        sum = next;
    }
}
