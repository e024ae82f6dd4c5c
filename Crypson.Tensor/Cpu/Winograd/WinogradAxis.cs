using Crypson.Cpu.Products;

namespace Crypson.Cpu.Winograd;

/// <summary>
/// One direction of a convolution whose phases have one or two taps each, as a bilinear algorithm over tiles of two
/// positions (Winograd 1980, F(2, 2); Lavin, Gray 2016 for the use in networks). Two neighbouring results of two taps
/// need three products instead of four:
/// <code>
/// y0 = d0 g0 + d1 g1 = m1 + m2        m1 = (d0 - d1) g0,  m2 = d1 (g0 + g1)
/// y1 = d1 g0 + d2 g1 = m2 - m3        m3 = (d1 - d2) g1
/// </code>
/// A phase of one tap needs two products as ever. Left and right are the two operands; their elements are counted
/// from <c>tile * step</c> on.
/// </summary>
internal sealed class WinogradAxis
{
    private readonly List<Combination> left = [];
    private readonly List<WinogradPart> parts = [];

    private WinogradAxis(int tiles, int leftStep, int rightStep, int outputStep) =>
        (Tiles, LeftStep, RightStep, OutputStep) = (tiles, leftStep, rightStep, outputStep);

    /// <summary>Tiles of two positions.</summary>
    public int Tiles { get; }

    /// <summary>Elements of the left operand from one tile to the next.</summary>
    public int LeftStep { get; }

    /// <summary>Elements of the right operand from one tile to the next.</summary>
    public int RightStep { get; }

    /// <summary>Elements of the result from one tile to the next; 0 if all tiles add to the same results.</summary>
    public int OutputStep { get; }

    /// <summary>The left combinations of all parts, each once.</summary>
    public IReadOnlyList<Combination> Left => left;

    /// <summary>The independent parts.</summary>
    public IReadOnlyList<WinogradPart> Parts => parts;

    /// <summary>Products of a tile, per product of the plain algorithm.</summary>
    public static double Saving(int kernel, int stride) =>
        Enumerable.Range(0, stride).Sum(phase => Taps(phase, kernel, stride) == 2 ? 3 : 2) / (2.0 * kernel);

    /// <summary>Whether every phase has one or two taps.</summary>
    public static bool Suits(int kernel, int stride, int dilation) => dilation == 1 && kernel >= stride && kernel <= 2 * stride;

    /// <summary>y from x (right) and the weight (left): the phases of x add up.</summary>
    public static WinogradAxis Forward(int input, int output, int kernel, int stride, int padding)
    {
        var axis = new WinogradAxis((output + 1) / 2, 0, 2 * stride, 2);
        List<WinogradTerm> first = [], both = [], second = [];
        foreach (var phase in Phases(input, kernel, stride, padding))
        {
            var (tap, d) = (phase.FirstTap, phase.First - (stride * phase.Start));
            if (phase.Taps == 2)
            {
                first.Add(axis.Term(Combination.One(tap), Combination.Difference(d, d + stride)));
                both.Add(axis.Term(Combination.Sum(tap, tap + stride), Combination.One(d + stride)));
                second.Add(axis.Term(Combination.One(tap + stride), Combination.Difference(d + stride, d + (2 * stride))));
            }
            else
            {
                first.Add(axis.Term(Combination.One(tap), Combination.One(d)));
                second.Add(axis.Term(Combination.One(tap), Combination.One(d + stride, -1)));
            }
        }

        axis.parts.Add(both.Count == 0
            ? new WinogradPart([[.. first], [.. second]], [new(0, Combination.One(0)), new(1, Combination.One(1, -1))])
            : new WinogradPart([[.. first], [.. both], [.. second]], [new(0, Combination.Sum(0, 1)), new(1, Combination.Difference(1, 2))]));
        return axis;
    }

    /// <summary>dx from dy (right) and the weight (left): one part per phase.</summary>
    public static WinogradAxis BackwardData(int input, int kernel, int stride, int padding)
    {
        var axis = new WinogradAxis(((input + stride - 1) / stride + 1) / 2, 0, 2, 2 * stride);
        foreach (var phase in Phases(input, kernel, stride, padding))
        {
            var (tap, start) = (phase.FirstTap, phase.Start);
            axis.parts.Add(phase.Taps == 2
                ? new WinogradPart(
                    [
                        [axis.Term(Combination.One(tap + stride), Combination.Difference(start - 1, start))],
                        [axis.Term(Combination.Sum(tap + stride, tap), Combination.One(start))],
                        [axis.Term(Combination.One(tap), Combination.Difference(start, start + 1))],
                    ],
                    [new(phase.First, Combination.Sum(0, 1)), new(phase.First + stride, Combination.Difference(1, 2))])
                : new WinogradPart(
                    [
                        [axis.Term(Combination.One(tap), Combination.One(start))],
                        [axis.Term(Combination.One(tap), Combination.One(start + 1))],
                    ],
                    [new(phase.First, Combination.One(0)), new(phase.First + stride, Combination.One(1))]));
        }

        return axis;
    }

    /// <summary>dW from x and dy, either of which may be the right one: one part per phase, tiles add up.</summary>
    public static WinogradAxis BackwardWeight(int input, int output, int kernel, int stride, int padding, bool imageIsRight)
    {
        var axis = imageIsRight
            ? new WinogradAxis((output + 1) / 2, 2, 2 * stride, 0)
            : new WinogradAxis((output + 1) / 2, 2 * stride, 2, 0);
        WinogradTerm Term(Combination x, Combination dy) => imageIsRight ? axis.Term(dy, x) : axis.Term(x, dy);
        foreach (var phase in Phases(input, kernel, stride, padding))
        {
            var (tap, d) = (phase.FirstTap, phase.First - (stride * phase.Start));
            axis.parts.Add(phase.Taps == 2
                ? new WinogradPart(
                    [
                        [Term(Combination.Difference(d, d + stride), Combination.One(0))],
                        [Term(Combination.One(d + stride), Combination.Sum(0, 1))],
                        [Term(Combination.Difference(d + stride, d + (2 * stride)), Combination.One(1))],
                    ],
                    [new(tap, Combination.Sum(0, 1)), new(tap + stride, Combination.Difference(1, 2))])
                : new WinogradPart(
                    [[Term(Combination.One(d), Combination.One(0)), Term(Combination.One(d + stride), Combination.One(1))]],
                    [new(tap, Combination.One(0))]));
        }

        return axis;
    }

    /// <summary>All parts as one, with the results in the order of their places.</summary>
    public WinogradPart Whole()
    {
        List<WinogradTerm[]> components = [];
        List<WinogradOutput> outputs = [];
        foreach (var part in parts)
        {
            var shift = components.Count;
            outputs.AddRange(part.Outputs.Select(output => new WinogradOutput(
                output.Offset, output.Of with { First = output.Of.First + shift, Second = output.Of.Second + shift })));
            components.AddRange(part.Components);
        }

        return new WinogradPart([.. components], [.. outputs.OrderBy(output => output.Offset)]);
    }

    private static int Taps(int phase, int kernel, int stride) => (kernel - phase + stride - 1) / stride;

    private static IEnumerable<PhaseAxis> Phases(int input, int kernel, int stride, int padding) =>
        Enumerable.Range(0, stride).Select(phase => PhaseAxis.Of(phase, input, kernel, stride, padding, 1));

    private WinogradTerm Term(Combination leftSum, Combination right)
    {
        var index = left.IndexOf(leftSum);
        if (index < 0)
        {
            index = left.Count;
            left.Add(leftSum);
        }

        return new WinogradTerm(index, right);
    }
}
