namespace Crypson;

/// <summary>The axes of a <see cref="Broadcast"/> for a kernel, innermost first; axes that are not there have size 1.</summary>
internal struct BroadcastAxes
{
    public const int Most = 4;

    public BroadcastAxis Inner;
    public BroadcastAxis Second;
    public BroadcastAxis Third;
    public BroadcastAxis Fourth;

    /// <summary>Where element <paramref name="i"/> of the result finds its operands.</summary>
    public readonly (int A, int B) Find(int i)
    {
        var (a, b) = (0, 0);
        i = Inner.Step(i, ref a, ref b);
        i = Second.Step(i, ref a, ref b);
        i = Third.Step(i, ref a, ref b);
        Fourth.Step(i, ref a, ref b);
        return (a, b);
    }
}
