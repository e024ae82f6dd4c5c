namespace Crypson;

/// <summary>
/// How the middle axis of x [outer, Length, Inner] is cut for a reduction on a device: part p takes Count elements from
/// p · Start on, Step apart.
/// </summary>
internal struct AxisCut
{
    public int Length;
    public int Inner;
    public int Parts;
    public int Count;
    public int Start;
    public int Step;

    /// <summary>Few long reductions are cut into parts: runs of neighbours on a CPU, interleaved on a GPU.</summary>
    public static AxisCut Of(Device device, int results, int length, int inner, int most = int.MaxValue)
    {
        var count = Pieces.Divide(length, Math.Min(most, Pieces.Parts(device, results, length)));
        var parts = Pieces.Divide(length, count);
        var isLong = Pieces.AreLong(device);
        return new AxisCut { Length = length, Inner = inner, Parts = parts, Count = count, Start = isLong ? count : 1, Step = isLong ? 1 : parts };
    }

    /// <summary>The same for a group of a GPU per part, and the innermost axis: a run each.</summary>
    public static AxisCut OfGroups(int results, int length)
    {
        var count = Pieces.Divide(length, Pieces.GroupParts(results, length));
        return new AxisCut { Length = length, Inner = 1, Parts = Pieces.Divide(length, count), Count = count, Start = count, Step = 1 };
    }

    /// <summary>Not cut at all: one work-item adds up everything, as the reference for the other ways.</summary>
    public static AxisCut Whole(int length, int inner) => new() { Length = length, Inner = inner, Parts = 1, Count = length, Start = length, Step = 1 };
}
