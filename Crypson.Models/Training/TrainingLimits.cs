namespace Crypson.Models;

/// <summary>When a run stops and how often it speaks. None of this changes what is computed.</summary>
public sealed record TrainingLimits
{
    /// <summary>Steps from the beginning of the run, a resumed part included; no limit unless given.</summary>
    public long? MaxSteps { get; init; }

    /// <summary>Time from the start of this process's part; no limit unless given.</summary>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>Steps between checkpoints inside an epoch.</summary>
    public int CheckpointEvery { get; init; } = 500;

    /// <summary>Steps between logged training rows.</summary>
    public int LogEvery { get; init; } = 10;
}
