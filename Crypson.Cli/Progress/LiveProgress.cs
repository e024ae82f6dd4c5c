using System.Diagnostics;
using Crypson.Models;
using Spectre.Console;

namespace Crypson.Cli;

/// <summary>Two lines that change in place, a text and a bar; a table row per validation above them.</summary>
/// <param name="console">Where it shows.</param>
/// <param name="context">The part that changes.</param>
internal sealed class LiveProgress(IAnsiConsole console, LiveDisplayContext context) : ProgressView
{
    private const int ColumnWidth = 11;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(150);

    private readonly Stopwatch clock = Stopwatch.StartNew();
    private TimeSpan last = -Interval;
    private string header = string.Empty;
    private string task = string.Empty;

    public override void OnCount(string what, long done, long total)
    {
        if (IsTime() || done == total)
        {
            Show([what, $"{Format.Count(done)}/{Format.Count(total)}"], done, total, string.Empty);
        }
    }

    public override void OnStep(TrainingProgress progress)
    {
        task = progress.Task;
        if (!IsTime() && progress.Step != progress.TotalSteps)
        {
            return;
        }

        Show(
            [
                progress.Task, $"epoch {progress.Epoch}/{progress.Epochs}", $"step {Format.Count(progress.Step)}/{Format.Count(progress.TotalSteps)}",
                $"{Format.Count((long)progress.ExamplesPerSecond)} images/s", $"{Format.Duration(progress.Remaining)} left",
            ],
            progress.Step, progress.TotalSteps, MetricText.Values(progress.Values));
    }

    public override void OnValidation(MetricsRow row, bool best)
    {
        var values = row.Values.Where(value => !MetricText.IsTrainingMean(value.Key)).ToList();
        var title = $"{task,-10}{"epoch",6}{"step",10}{string.Concat(values.Select(value => Column(value.Key)))}";
        if (title != header)
        {
            header = title;
            console.Write(new Text(Cut(title).PadRight(console.Profile.Width - 1) + "\n", new Style(decoration: Decoration.Bold)));
        }

        var line = $"{row.Epoch,16}{Format.Count(row.Step),10}{string.Concat(values.Select(value => Column(Format.Value(value.Value), value.Key)))}";
        console.Write(new Text(Cut(line + (best ? "  best" : string.Empty)).PadRight(console.Profile.Width - 1) + "\n"));
    }

    private static string Column(string text, string? name = null) => text.PadLeft(Math.Max(ColumnWidth, (name ?? text).Length + 2));

    private void Show(IEnumerable<string> words, long done, long total, string values)
    {
        var share = total == 0 ? 1 : (double)done / total;
        var tail = $" {100 * share,3:F0} %  {values}";
        var length = Math.Clamp(console.Profile.Width - tail.Length - 1, 8, 40);
        var filled = (int)(share * length);
        context.UpdateTarget(new Rows(
            new Text(Cut(string.Join(" · ", words))),
            new Markup($"[green]{new string('━', filled)}[/][grey]{new string('─', length - filled)}[/]{Markup.Escape(Cut(tail, console.Profile.Width - length - 1))}")));
    }

    private string Cut(string text) => Cut(text, console.Profile.Width - 1);

    private static string Cut(string text, int width) => text.Length <= width ? text : text[..Math.Max(0, width)];

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
