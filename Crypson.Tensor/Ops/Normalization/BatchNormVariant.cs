namespace Crypson;

/// <summary>The ways to sum over the values of a channel on a device.</summary>
internal enum BatchNormVariant
{
    /// <summary>One work-item per channel: the reference for the others.</summary>
    Naive,

    /// <summary>A work-item per part and lane of a channel.</summary>
    Lanes,

    /// <summary>A group per part of a channel, in shared memory, for long runs on GPUs.</summary>
    Groups,

    /// <summary>A part of a channel in the lanes of a vector, for long runs on CPU devices.</summary>
    Runs,
}
