namespace Crypson.Kernels;

/// <summary>What a kernel needs from the device that runs it.</summary>
[Flags]
public enum KernelFeatures
{
    /// <summary>Nothing special.</summary>
    None = 0,

    /// <summary>Double-precision numbers.</summary>
    Double = 1,

    /// <summary>The work-items of a group work together: barriers, shared memory or warps.</summary>
    Group = 2,
}
