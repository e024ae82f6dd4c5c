namespace Crypson.Cpu.Winograd;

/// <summary>
/// Brings the right operand into [group of 16 lanes][place][k][lane], so that every combination of places is a sum of
/// whole vectors. Lanes behind the last are zeros.
/// </summary>
internal readonly unsafe struct TakeApart(Planes planes, float* apart) : IKernel
{
    /// <summary>Lanes of a group.</summary>
    public const int Lanes = 16;

    private const int Block = 8;

    private readonly float* apart = apart;

    public int Groups => LaneGroups * Blocks;

    /// <summary>Floats of all groups.</summary>
    public nint Count => LaneGroups * GroupStride;

    /// <summary>Floats from one group to the next.</summary>
    public nint GroupStride => planes.Size * PlaceStride;

    /// <summary>Floats from one place to the next: one line more than needed, so that places do not share a set of the cache.</summary>
    public nint PlaceStride => ((nint)planes.Depth + 1) * Lanes;

    private int LaneGroups => (planes.Lanes + Lanes - 1) / Lanes;

    private int Blocks => (planes.Depth + Block - 1) / Block;

    public void Execute(int group)
    {
        var (lanes, start) = (group / Blocks * Lanes, group % Blocks * Block);
        var count = Math.Min(Block, planes.Depth - start);
        var target = apart + ((group / Blocks) * GroupStride) + ((nint)start * Lanes);
        for (var i = 0; i < count; i++)
        {
            Transposition.FromLanes(
                planes.At(lanes, start + i), planes.LaneStride, Math.Min(Lanes, planes.Lanes - lanes), planes.Size, target + (i * Lanes), PlaceStride);
        }
    }
}
