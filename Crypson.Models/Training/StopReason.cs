namespace Crypson.Models;

/// <summary>Why a run stopped.</summary>
public enum StopReason
{
    /// <summary>All epochs are done.</summary>
    Finished,

    /// <summary>The limit of steps was reached.</summary>
    MaxSteps,

    /// <summary>The time was up.</summary>
    TimeBudget,

    /// <summary>Somebody asked for it.</summary>
    Cancelled,
}
