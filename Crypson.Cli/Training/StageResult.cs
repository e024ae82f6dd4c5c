using Crypson.Models;

namespace Crypson.Cli;

/// <summary>How a stage ended.</summary>
/// <param name="Task">What was trained.</param>
/// <param name="Folder">Its run folder.</param>
/// <param name="Reason">Why it stopped.</param>
/// <param name="Step">Steps done since the beginning.</param>
/// <param name="Steps">Steps of the whole schedule.</param>
/// <param name="Validation">The newest validation, if an epoch has ended.</param>
internal sealed record StageResult(string Task, string Folder, StopReason Reason, long Step, long Steps, MetricsRow? Validation);
