using Crypson.Models;

namespace Crypson.Cli;

/// <summary>Shows nothing.</summary>
internal sealed class NoProgress : ProgressView
{
    public override void OnCount(string what, long done, long total)
    {
    }

    public override void OnStep(TrainingProgress progress)
    {
    }

    public override void OnValidation(MetricsRow row, bool best)
    {
    }
}
