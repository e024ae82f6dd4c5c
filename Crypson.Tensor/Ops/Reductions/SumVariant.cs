namespace Crypson;

/// <summary>The ways to sum along an axis on a device.</summary>
internal enum SumVariant
{
    /// <summary>One work-item per result: the reference for the others.</summary>
    Naive,

    /// <summary>A work-item per part of a result.</summary>
    Parts,

    /// <summary>A group per part of a run of neighbours, in shared memory, for GPUs.</summary>
    Groups,

    /// <summary>A part of a run of neighbours in the lanes of a vector, for CPU devices.</summary>
    Runs,

    /// <summary>Neighbouring results in the lanes of a vector, for CPU devices.</summary>
    Columns,
}
