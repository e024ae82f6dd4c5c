namespace Crypson.Kernels;

/// <summary>Orders what one work-item wrote before and after, without waiting for others.</summary>
public static class MemoryFence
{
    /// <summary>For the work-items of the group.</summary>
    public static void GroupLevel() => Interlocked.MemoryBarrier();

    /// <summary>For all work-items of the device.</summary>
    public static void DeviceLevel() => Interlocked.MemoryBarrier();
}
