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
    private WinogradAxis(int tiles, int leftStep, int rightStep, int outputStep, List<Combination> left, List<WinogradPart> parts)
    {
        (Tiles, LeftStep, RightStep, OutputStep) = (tiles, leftStep, rightStep, outputStep);
        (Left, Parts, Whole) = ([.. left], [.. parts], Join(parts));
    }

    /// <summary>Tiles of two positions.</summary>
    public int Tiles { get; }

    /// <summary>Elements of the left operand from one tile to the next.</summary>
    public int LeftStep { get; }

    /// <summary>Elements of the right operand from one tile to the next.</summary>
    public int RightStep { get; }

    /// <summary>Elements of the result from one tile to the next; 0 if all tiles add to the same results.</summary>
    public int OutputStep { get; }

    /// <summary>The left combinations of all parts, each once.</summary>
    public Combination[] Left { get; }

    /// <summary>The independent parts.</summary>
    public WinogradPart[] Parts { get; }

    /// <summary>All parts as one, with the results in the order of their places.</summary>
    public WinogradPart Whole { get; }

    /// <summary>Products of a tile, per product of the plain algorithm.</summary>
    public static double Saving(int kernel, int stride)
    {
        var products = 0;
        for (var phase = 0; phase < stride; phase++)
        {
            products += kernel - phase > stride ? 3 : 2;
        }

        return products / (2.0 * kernel);
    }

    /// <summary>Whether every phase has one or two taps.</summary>
    public static bool Suits(int kernel, int stride, int dilation) => dilation == 1 && kernel >= stride && kernel <= 2 * stride;

    /// <summary>y from x (right) and the weight (left): the phases of x add up.</summary>
    public static WinogradAxis Forward(in Key key)
    {
        List<Combination> left = [];
        List<WinogradTerm> first = [], both = [], second = [];
        var stride = key.Stride;
        foreach (var phase in key.Phases())
        {
            var (tap, d) = (phase.FirstTap, phase.First - (stride * phase.Start));
            if (phase.Taps == 2)
            {
                first.Add(Term(left, Combination.One(tap), Combination.Difference(d, d + stride)));
                both.Add(Term(left, Combination.Sum(tap, tap + stride), Combination.One(d + stride)));
                second.Add(Term(left, Combination.One(tap + stride), Combination.Difference(d + stride, d + (2 * stride))));
            }
            else
            {
                first.Add(Term(left, Combination.One(tap), Combination.One(d)));
                second.Add(Term(left, Combination.One(tap), Combination.One(d + stride, -1)));
            }
        }

        var part = both.Count == 0
            ? new WinogradPart([[.. first], [.. second]], [new(0, Combination.One(0)), new(1, Combination.One(1, -1))])
            : new WinogradPart([[.. first], [.. both], [.. second]], [new(0, Combination.Sum(0, 1)), new(1, Combination.Difference(1, 2))]);
        return new WinogradAxis((key.Output + 1) / 2, 0, 2 * stride, 2, left, [part]);
    }

    /// <summary>dx from dy (right) and the weight (left): one part per phase.</summary>
    public static WinogradAxis BackwardData(in Key key)
    {
        List<Combination> left = [];
        List<WinogradPart> parts = [];
        var stride = key.Stride;
        foreach (var phase in key.Phases())
        {
            var (tap, start) = (phase.FirstTap, phase.Start);
            parts.Add(phase.Taps == 2
                ? new WinogradPart(
                    [
                        [Term(left, Combination.One(tap + stride), Combination.Difference(start - 1, start))],
                        [Term(left, Combination.Sum(tap + stride, tap), Combination.One(start))],
                        [Term(left, Combination.One(tap), Combination.Difference(start, start + 1))],
                    ],
                    [new(phase.First, Combination.Sum(0, 1)), new(phase.First + stride, Combination.Difference(1, 2))])
                : new WinogradPart(
                    [
                        [Term(left, Combination.One(tap), Combination.One(start))],
                        [Term(left, Combination.One(tap), Combination.One(start + 1))],
                    ],
                    [new(phase.First, Combination.One(0)), new(phase.First + stride, Combination.One(1))]));
        }

        var positions = (key.Input + stride - 1) / stride;
        return new WinogradAxis((positions + 1) / 2, 0, 2, 2 * stride, left, parts);
    }

    /// <summary>dW from x and dy: one part per phase, tiles add up. Either may be the left one.</summary>
    public static WinogradAxis BackwardWeight(in Key key, bool inputIsLeft)
    {
        List<Combination> left = [];
        List<WinogradPart> parts = [];
        var stride = key.Stride;
        foreach (var phase in key.Phases())
        {
            var (tap, d) = (phase.FirstTap, phase.First - (stride * phase.Start));
            parts.Add(phase.Taps == 2
                ? new WinogradPart(
                    [
                        [Product(Combination.One(0), Combination.Difference(d, d + stride))],
                        [Product(Combination.Sum(0, 1), Combination.One(d + stride))],
                        [Product(Combination.One(1), Combination.Difference(d + stride, d + (2 * stride)))],
                    ],
                    [new(tap, Combination.Sum(0, 1)), new(tap + stride, Combination.Difference(1, 2))])
                : new WinogradPart(
                    [[Product(Combination.One(0), Combination.One(d)), Product(Combination.One(1), Combination.One(d + stride))]],
                    [new(tap, Combination.One(0))]));
        }

        var tiles = (key.Output + 1) / 2;
        return inputIsLeft ? new WinogradAxis(tiles, 2 * stride, 2, 0, left, parts) : new WinogradAxis(tiles, 2, 2 * stride, 0, left, parts);

        WinogradTerm Product(in Combination result, in Combination input) =>
            inputIsLeft ? Term(left, input, result) : Term(left, result, input);
    }

    private static WinogradTerm Term(List<Combination> left, Combination leftSum, Combination right)
    {
        var index = left.IndexOf(leftSum);
        if (index < 0)
        {
            index = left.Count;
            left.Add(leftSum);
        }

        return new WinogradTerm(index, right);
    }

    private static WinogradPart Join(List<WinogradPart> parts)
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

    /// <summary>One direction of a convolution.</summary>
    public readonly record struct Key(int Input, int Output, int Kernel, int Stride, int Padding)
    {
        /// <summary>The phases of the input.</summary>
        public List<PhaseAxis> Phases()
        {
            List<PhaseAxis> phases = [];
            for (var phase = 0; phase < Stride; phase++)
            {
                phases.Add(PhaseAxis.Of(phase, Input, Kernel, Stride, Padding, 1));
            }

            return phases;
        }
    }
}
