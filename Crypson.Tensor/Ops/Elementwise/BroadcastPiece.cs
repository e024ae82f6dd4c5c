namespace Crypson;

/// <summary>Neighbouring elements of a result, and where they find their operands.</summary>
internal struct BroadcastPiece
{
    public int A;
    public int B;
    public int Result;
    public int Count;

    /// <summary>Whether both operands are neighbours too: the loop that compilers turn into vectors.</summary>
    public bool IsPlain;
}
