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
        var (a, b) = FindRow(i / Inner.Size);
        var position = i % Inner.Size;
        return (a + position * Inner.StepA, b + position * Inner.StepB);
    }

    /// <summary>Where row <paramref name="row"/> of the result, a run along the inner axis, finds its operands.</summary>
    public readonly (int A, int B) FindRow(int row)
    {
        // Integer division is slow, and most results have one row or two axes.
        var (a, b) = (0, 0);
        row = Second.Size == 1 ? row : Second.Step(row, ref a, ref b);
        row = Third.Size == 1 ? row : Third.Step(row, ref a, ref b);
        if (Fourth.Size != 1)
        {
            Fourth.Step(row, ref a, ref b);
        }

        return (a, b);
    }

    /// <summary>The work of one work-item, when each takes <paramref name="piece"/> elements of a row.</summary>
    public readonly BroadcastPiece Piece(int i, int piece)
    {
        var pieces = (Inner.Size + piece - 1) / piece;
        var (row, begin) = (i / pieces, i % pieces * piece);
        var (a, b) = FindRow(row);
        return new BroadcastPiece
        {
            A = a + begin * Inner.StepA,
            B = b + begin * Inner.StepB,
            Result = row * Inner.Size + begin,
            Count = Math.Min(piece, Inner.Size - begin),
            IsPlain = Inner.StepA == 1 && Inner.StepB == 1,
        };
    }
}
