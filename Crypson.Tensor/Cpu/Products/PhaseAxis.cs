namespace Crypson.Cpu.Products;

/// <summary>
/// One direction of one phase of a convolution's gradient with respect to its input: the input positions
/// First, First + Step, ... (Count of them) that are reached by the same taps, FirstTap + i * TapStep (Taps of them).
/// Input position First + Step * q and tap i meet output position q + Start + i * Advance.
/// </summary>
internal readonly record struct PhaseAxis(
    int First, int Step, int Count, int FirstTap, int TapStep, int Taps, int Start, int Advance)
{
    /// <summary>The phase whose first input position is <paramref name="first"/>.</summary>
    public static PhaseAxis Of(int first, int input, int kernel, int stride, int padding, int dilation)
    {
        // Input position i is output position o times stride plus tap t times dilation minus padding.
        // The taps with (i + padding - t * dilation) divisible by stride repeat every stride / gcd taps.
        var divisor = GreatestCommonDivisor(stride, dilation);
        var tapStep = stride / divisor;
        var firstTap = 0;
        while (firstTap < tapStep && (first + padding - (long)firstTap * dilation) % stride != 0)
        {
            firstTap++;
        }

        var taps = firstTap == tapStep || firstTap >= kernel ? 0 : (kernel - firstTap + tapStep - 1) / tapStep;
        var start = taps == 0 ? 0 : (first + padding - firstTap * dilation) / stride;
        return new PhaseAxis(
            first, stride, (input - first + stride - 1) / stride, firstTap, tapStep, taps, start, -(dilation / divisor));
    }

    /// <summary>All positions of a direction, as one phase; nothing is said about taps.</summary>
    public static PhaseAxis Whole(int count) => new(0, 1, count, 0, 0, 0, 0, 0);

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}
