namespace Crypson.Cpu.Winograd;

/// <summary>A weighted sum of one or two elements of a line: FirstFactor * e[First] + SecondFactor * e[Second].</summary>
internal readonly record struct Combination(int First, float FirstFactor, int Second, float SecondFactor)
{
    /// <summary>One element.</summary>
    public static Combination One(int index, float factor = 1) => new(index, factor, index, 0);

    /// <summary>e[first] + e[second].</summary>
    public static Combination Sum(int first, int second) => new(first, 1, second, 1);

    /// <summary>e[first] - e[second].</summary>
    public static Combination Difference(int first, int second) => new(first, 1, second, -1);
}
