using System.Diagnostics;
using Crypson.Models;

namespace Crypson.Cli;

/// <summary>A line every few seconds, at the last step, and per validation.</summary>
/// <param name="output">Gets the lines.</param>
internal sealed class PlainProgress(TextWriter output) : ProgressView
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Stopwatch clock = Stopwatch.StartNew();
    private TimeSpan last = TimeSpan.Zero;

    public override void OnCount(string what, long done, long total)
    {
        if (IsTime() || done == total)
        {
            output.WriteLine($"{what}  {Format.Count(done)}/{Format.Count(total)}");
        }
    }

    public override void OnStep(TrainingProgress progress)
    {
        if (IsTime() || progress.Step == progress.TotalSteps)
        {
            output.WriteLine(
                $"{progress.Task}  epoch {progress.Epoch}/{progress.Epochs}  step {Format.Count(progress.Step)}/{Format.Count(progress.TotalSteps)}  "
                + $"{MetricText.Values(progress.Values)}  {Format.Count((long)progress.ExamplesPerSecond)} images/s  {Format.Duration(progress.Remaining)} left");
        }
    }

    public override void OnValidation(MetricsRow row, bool best) =>
        output.WriteLine($"epoch {row.Epoch} validation  step {Format.Count(row.Step)}  {MetricText.Values(row.Values)}{(best ? "  best so far" : string.Empty)}");

    private bool IsTime()
    {
        if (clock.Elapsed - last < Interval)
        {
            return false;
        }

        last = clock.Elapsed;
        return true;
    }
}
