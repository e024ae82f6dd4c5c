namespace Crypson;

/// <summary>One axis of a broadcast: its size and how far each operand moves per position.</summary>
internal struct BroadcastAxis
{
    public int Size;
    public int StepA;
    public int StepB;

    /// <summary>Takes this axis' position off a number and moves the operands; what is left is for the axes outside.</summary>
    public readonly int Step(int i, ref int a, ref int b)
    {
        var position = i % Size;
        a += position * StepA;
        b += position * StepB;
        return i / Size;
    }
}
