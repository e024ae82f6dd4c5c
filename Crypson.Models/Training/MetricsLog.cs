using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crypson.Nn;

namespace Crypson.Models;

/// <summary>
/// A run's metrics as <c>metrics.jsonl</c> (a line is appended per row) and <c>metrics.csv</c> (made from it on request).
/// </summary>
public sealed class MetricsLog
{
    private readonly string jsonPath;
    private readonly string csvPath;
    private readonly List<MetricsRow> rows = [];

    /// <summary>Opens the metrics of a run folder, keeping the rows up to a step; later ones were not checkpointed.</summary>
    public MetricsLog(string folder, long upToStep)
    {
        jsonPath = Path.Combine(folder, "metrics.jsonl");
        csvPath = Path.Combine(folder, "metrics.csv");
        if (File.Exists(jsonPath))
        {
            rows.AddRange(File.ReadLines(jsonPath).Select(TryParse).OfType<MetricsRow>().Where(row => row.Step <= upToStep));
        }

        AtomicFile.Write(jsonPath, stream => stream.Write(Encoding.UTF8.GetBytes(string.Concat(rows.Select(ToJson)))));
    }

    /// <summary>The epoch that a run folder's newest row belongs to; 0 when there is none.</summary>
    public static int LastEpoch(string folder)
    {
        var path = Path.Combine(folder, "metrics.jsonl");
        return File.Exists(path) ? File.ReadLines(path).Select(TryParse).LastOrDefault(row => row is not null)?.Epoch ?? 0 : 0;
    }

    /// <summary>All rows, in order.</summary>
    public IReadOnlyList<MetricsRow> Rows => rows;

    /// <summary>Appends a row.</summary>
    public void Add(MetricsRow row)
    {
        rows.Add(row);
        File.AppendAllText(jsonPath, ToJson(row));
    }

    /// <summary>Writes all rows to <c>metrics.csv</c>, a column per name.</summary>
    public void WriteCsv()
    {
        var names = rows.SelectMany(row => row.Values.Keys).Distinct().ToList();
        var text = new StringBuilder($"phase,epoch,step,{string.Join(',', names)}\n");
        foreach (var row in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"{row.Phase},{row.Epoch},{row.Step}");
            foreach (var name in names)
            {
                text.Append(',').Append(row.Values.TryGetValue(name, out var value) ? value.ToString("R", CultureInfo.InvariantCulture) : string.Empty);
            }

            text.Append('\n');
        }

        AtomicFile.Write(csvPath, stream => stream.Write(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static string ToJson(MetricsRow row)
    {
        var json = new JsonObject { ["phase"] = row.Phase, ["epoch"] = row.Epoch, ["step"] = row.Step };
        foreach (var (name, value) in row.Values)
        {
            // JSON has no NaN or infinity.
            json[name] = double.IsFinite(value) ? value : null;
        }

        return json.ToJsonString() + "\n";
    }

    // A run killed while it wrote leaves half a line, which is passed over.
    private static MetricsRow? TryParse(string line)
    {
        try
        {
            var json = JsonNode.Parse(line)!.AsObject();
            var values = new MetricValues();
            foreach (var (name, value) in json.Where(item => item.Key is not ("phase" or "epoch" or "step")))
            {
                values[name] = value is null ? double.NaN : value.GetValue<double>();
            }

            return new MetricsRow(json["phase"]!.GetValue<string>(), json["epoch"]!.GetValue<int>(), json["step"]!.GetValue<long>(), values);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            return null;
        }
    }
}
