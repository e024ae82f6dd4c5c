using System.Globalization;
using System.Text.Json;

namespace Crypson.Models;

/// <summary>
/// The pictures and the page that show a run: <c>curves.svg</c>, <c>confusion.svg</c>, <c>report.html</c>. They depend on
/// configuration, metrics and samples alone: no times, no paths.
/// </summary>
public static class RunReport
{
    // Points of a curve; of longer runs a point is the mean of several logged steps.
    private const int MaximumPoints = 400;

    private static readonly Dictionary<string, string> Titles = new()
    {
        ["d_loss"] = "Discriminator loss",
        ["g_loss"] = "Generator loss",
        ["loss"] = "Loss",
        ["reconstruction_loss"] = "Reconstruction loss, summed over a batch",
        ["kl_loss"] = "Kullback-Leibler divergence, summed over a batch",
        ["accuracy"] = "Share of letters read correctly",
    };

    private static readonly Dictionary<string, (string Title, string Samples)> Tasks = new()
    {
        ["cgan"] = ("Generator and discriminator", "Letters drawn by the generator, each class in its own half row, always from the same noise."),
        ["vae"] = ("Variational autoencoder", "Validation images and, below each row, what the decoder makes of their eight numbers."),
        ["classifier"] = ("Classifier", ""),
    };

    /// <summary>Writes all that the task has. A file that cannot be written is passed over: a picture never ends a run.</summary>
    internal static void Write(RunFolder folder, TrainingTask task, MetricsLog metrics, CrypsonConfig config, ClassMapping classes)
    {
        var charts = Charts(task, metrics.Rows);
        var confusion = task.Confusion is { } matrix
            ? ConfusionChart.ToSvg("Which letter was read as which", classes, (actual, predicted) => matrix[actual, predicted])
            : null;
        try
        {
            LineChart.Save(Path.Combine(folder.Path, "curves.svg"), charts);
            if (task.Confusion is { } counts)
            {
                ConfusionChart.Save(
                    Path.Combine(folder.Path, "confusion.svg"), "Which letter was read as which", classes, (actual, predicted) => counts[actual, predicted]);
            }

            Page(folder, task, metrics.Rows, config, charts, confusion).Save(Path.Combine(folder.Path, "report.html"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk or a lost permission stops the run at its next checkpoint, with the right message.
        }
    }

    /// <summary>One chart per value, its training and validation curves over the epochs.</summary>
    public static IReadOnlyList<LineChart> Charts(TrainingTask task, IReadOnlyList<MetricsRow> rows) =>
        [.. Names(rows).Select(name => new LineChart(Titles.GetValueOrDefault(name, name), "epoch", "")
            .Add("training", Thin(Points(task, rows, name, MetricsRow.Train)))
            .Add("validation", Points(task, rows, name, MetricsRow.Validation)))];

    private static HtmlPage Page(
        RunFolder folder, TrainingTask task, IReadOnlyList<MetricsRow> rows, CrypsonConfig config, IReadOnlyList<LineChart> charts, string? confusion)
    {
        var (title, sampleText) = Tasks.GetValueOrDefault(task.Name, (task.Name, ""));
        var validations = rows.Where(row => row.Phase == MetricsRow.Validation).ToList();
        var page = new HtmlPage($"{title}: training run", $"Task {task.Name}, seed {config.Seed}");
        page.Facts(Facts(task, rows, validations));
        page.Section("Curves").Svg(LineChart.ToSvg(charts), "Training values are means of neighbouring steps; validation follows every epoch.").Close();
        if (validations.Count > 0 && File.Exists(folder.SamplePath(validations[^1].Epoch)))
        {
            page.Section($"Samples after epoch {validations[^1].Epoch}")
                .Picture(HtmlPage.PngData(File.ReadAllBytes(folder.SamplePath(validations[^1].Epoch))), "Grid of small handwritten letters", sampleText)
                .Close();
        }

        if (confusion is not null)
        {
            page.Section("Confusion").Svg(confusion, "Rows are true classes, columns answers. Darker is more frequent; blue is right, orange is wrong.").Close();
        }

        if (validations.Count > 0)
        {
            var names = validations.SelectMany(row => row.Values.Keys).Distinct().Order(StringComparer.Ordinal).ToList();
            page.Section("Epochs").Table(
                ["epoch", "step", .. names],
                validations.Select(row => (IReadOnlyList<string>)[
                    $"{row.Epoch}", $"{row.Step}", .. names.Select(name => row.Values.TryGetValue(name, out var value) ? Number(value) : "")]))
                .Close();
        }

        return page.Section("Configuration").Table(["setting", "value"], Settings(task.Name, config)).Close();
    }

    private static List<(string Name, string Value)> Facts(TrainingTask task, IReadOnlyList<MetricsRow> rows, List<MetricsRow> validations)
    {
        var facts = new List<(string, string)>
        {
            ("epochs", $"{validations.Count} of {task.Epochs}"),
            ("steps", Number(rows.Count == 0 ? 0 : rows[^1].Step)),
            ("batch", $"{task.BatchSize}"),
        };
        foreach (var (name, module) in task.Networks)
        {
            facts.Add(($"{name} parameters", Number(module.NamedParameters().Sum(parameter => (long)parameter.Value.Count))));
        }

        var values = validations.Select(row => row.Values.GetValueOrDefault(task.BestBy, double.NaN)).Where(double.IsFinite).ToList();
        if (values.Count > 0)
        {
            facts.Add(($"best {task.BestBy}", Number(task.LargerIsBetter ? values.Max() : values.Min())));
        }

        return facts;
    }

    // The seed and the task's own part of the configuration.
    private static IEnumerable<IReadOnlyList<string>> Settings(string task, CrypsonConfig config)
    {
        using var json = JsonDocument.Parse(config.ToJson());
        yield return ["seed", $"{config.Seed}"];
        if (json.RootElement.TryGetProperty(task, out var part))
        {
            foreach (var setting in part.EnumerateObject())
            {
                var value = setting.Value.ValueKind == JsonValueKind.Array
                    ? string.Join(", ", setting.Value.EnumerateArray().Select(item => item.ToString()))
                    : setting.Value.ToString();
                yield return [$"{task}.{setting.Name}", value];
            }
        }
    }

    private static List<string> Names(IReadOnlyList<MetricsRow> rows) =>
        [.. rows.SelectMany(row => row.Values.Keys).Where(name => !name.StartsWith("train_", StringComparison.Ordinal)).Distinct()];

    private static List<(double X, double Y)> Points(TrainingTask task, IReadOnlyList<MetricsRow> rows, string name, string phase) =>
        [.. rows.Where(row => row.Phase == phase && row.Values.ContainsKey(name)).Select(row => ((double)row.Step / task.StepsPerEpoch, row.Values[name]))];

    private static List<(double X, double Y)> Thin(List<(double X, double Y)> points)
    {
        var size = (points.Count + MaximumPoints - 1) / MaximumPoints;
        return size <= 1 ? points : [.. points.Chunk(size).Select(chunk => (chunk[^1].X, chunk.Average(point => point.Y)))];
    }

    private static string Number(double value) =>
        value.ToString(Math.Abs(value) >= 1000 || value == Math.Truncate(value) ? "N0" : "0.0000", CultureInfo.InvariantCulture);
}
