using System.Runtime.CompilerServices;

namespace Crypson.Kernels;

/// <summary>
/// Work-items that run in step and exchange registers. CUDA only: OpenCL C 1.2 has no such thing. As plain C# a warp is
/// 32 work-items of a group; all of them must take part.
/// </summary>
public static class Warp
{
    /// <summary>Work-items in a warp.</summary>
    public static int WarpSize => 32;

    /// <summary>The work-item's number in its warp.</summary>
    public static int LaneIdx => Lane.Current.LinearIndex % WarpSize;

    /// <summary>The warp's number in its group.</summary>
    public static int WarpIdx => Lane.Current.LinearIndex / WarpSize;

    /// <summary>The value of work-item <paramref name="sourceLane"/>.</summary>
    public static T Shuffle<T>(T value, int sourceLane)
        where T : unmanaged => Exchange(value, sourceLane);

    /// <summary>The value of the work-item <paramref name="delta"/> further on; its own where there is none.</summary>
    public static T ShuffleDown<T>(T value, int delta)
        where T : unmanaged => Exchange(value, LaneIdx + delta < WarpSize ? LaneIdx + delta : LaneIdx);

    /// <summary>The value of the work-item <paramref name="delta"/> before; its own where there is none.</summary>
    public static T ShuffleUp<T>(T value, int delta)
        where T : unmanaged => Exchange(value, LaneIdx >= delta ? LaneIdx - delta : LaneIdx);

    /// <summary>The value of the work-item whose number differs in the bits of <paramref name="mask"/>.</summary>
    public static T ShuffleXor<T>(T value, int mask)
        where T : unmanaged => Exchange(value, LaneIdx ^ mask);

    private static T Exchange<T>(T value, int sourceLane)
        where T : unmanaged
    {
        var lane = Lane.Current;
        if (lane.Group is null)
        {
            return value;
        }

        var slots = lane.Group.Slots;
        Unsafe.As<long, T>(ref slots[lane.LinearIndex]) = value;
        lane.Group.Barrier();
        var source = WarpIdx * WarpSize + sourceLane % WarpSize;
        var result = Unsafe.As<long, T>(ref slots[source < slots.Length ? source : lane.LinearIndex]);
        lane.Group.Barrier();
        return result;
    }
}
