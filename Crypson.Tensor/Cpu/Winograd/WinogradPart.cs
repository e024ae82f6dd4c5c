namespace Crypson.Cpu.Winograd;

/// <summary>One product of a component: the left combination's index in the axis, and the right combination.</summary>
internal readonly record struct WinogradTerm(int Left, Combination Right);

/// <summary>One result of a tile: where it lies, from the tile's first result on, and which components it sums.</summary>
internal readonly record struct WinogradOutput(int Offset, Combination Of);

/// <summary>Components, each a sum of products, and the results that are summed from them and from no others.</summary>
internal sealed record WinogradPart(WinogradTerm[][] Components, WinogradOutput[] Outputs)
{
    /// <summary>Whether the results are m1 + m2 and m2 - m3 (see <see cref="WinogradAxis"/>).</summary>
    public bool IsTwoTaps { get; } = Outputs.Length == 2 && Outputs[0].Of == Combination.Sum(0, 1) && Outputs[1].Of == Combination.Difference(1, 2);

    /// <summary>Whether the results are m1 and m2.</summary>
    public bool IsOneTap { get; } = Outputs.Length == 2 && Outputs[0].Of == Combination.One(0) && Outputs[1].Of == Combination.One(1);

    /// <summary>The first left combination that the products use, and how many from there to the last.</summary>
    public (int First, int Count) LeftRange()
    {
        var (first, last) = (int.MaxValue, 0);
        foreach (var component in Components)
        {
            foreach (ref readonly var term in component.AsSpan())
            {
                first = Math.Min(first, term.Left);
                last = Math.Max(last, term.Left);
            }
        }

        return (first, last - first + 1);
    }
}
