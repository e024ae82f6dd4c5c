namespace Crypson.Models;

/// <summary>How far a run is, after a step.</summary>
/// <param name="Task">The task's name.</param>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Epochs">Epochs of the schedule.</param>
/// <param name="Step">Steps done.</param>
/// <param name="TotalSteps">Steps of the run, limits applied.</param>
/// <param name="Values">The step's values.</param>
/// <param name="ExamplesPerSecond">Since the start of this process's part.</param>
/// <param name="Remaining">At this speed.</param>
public sealed record TrainingProgress(
    string Task, int Epoch, int Epochs, long Step, long TotalSteps, MetricValues Values, double ExamplesPerSecond, TimeSpan Remaining);
