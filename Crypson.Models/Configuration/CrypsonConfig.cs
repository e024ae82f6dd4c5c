using System.Text.Json;
using System.Text.Json.Nodes;

namespace Crypson.Models;

/// <summary>Everything that decides what a training run computes. Where it is stored and when it stops is not in here.</summary>
public sealed record CrypsonConfig
{
    /// <summary>Names accepted by <see cref="Preset"/>.</summary>
    public static IReadOnlyList<string> Presets { get; } = ["paper", "published-code", "small"];

    /// <summary>How configurations are written: camel case, indented; unknown members are errors.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        WriteIndented = true,
    };

    /// <summary>Key of every random number.</summary>
    public ulong Seed { get; init; } = 1;

    public CganConfig Cgan { get; init; } = new();

    public VaeConfig Vae { get; init; } = new();

    public ClassifierConfig Classifier { get; init; } = new();

    public TimeConfig Time { get; init; } = new();

    /// <summary>
    /// <c>paper</c>: the defaults. <c>published-code</c>: what the published code does otherwise: VAE with AdamW 3e-4, the
    /// classifier's decoder with batch norms in training mode, drawings scaled over the whole message when sending, accuracy as a
    /// mean over the run, best checkpoints by the lowest training loss. <c>small</c>: narrow networks that learn in a minute, for
    /// the demo and for trying things.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such preset.</exception>
    public static CrypsonConfig Preset(string name) => name switch
    {
        "paper" => new(),
        "published-code" => new()
        {
            Cgan = new() { BestByTraining = true },
            Vae = new() { Optimizer = "adamw", LearningRate = 3e-4, BestByTraining = true, ScaleWholeMessage = true },
            Classifier = new() { FrozenStatistics = false, BestByTraining = true, RunningAccuracy = true },
        },
        "small" => new()
        {
            Cgan = new() { Epochs = 12, BatchSize = 32, LearningRate = 2e-3, NoiseLength = 128, Channels = [128, 64, 32], Hidden = [512, 256] },
            Vae = new() { Epochs = 6, BatchSize = 64, LearningRate = 2e-3, KlWeight = 0.3f, Samples = 9_400, Hidden = [16, 32, 64, 128] },
            Classifier = new() { Epochs = 8, BatchSize = 64, Samples = 18_800, Wide = 256 },
        },
        _ => throw new ArgumentException($"there is no preset '{name}'; choose one of {string.Join(", ", Presets)}"),
    };

    /// <summary>The configuration as JSON without the numbers of epochs, which say when a run stops, not what it computes.</summary>
    public string ToComputationJson()
    {
        var json = JsonNode.Parse(ToJson())!.AsObject();
        foreach (var part in json.Select(member => member.Value).OfType<JsonObject>())
        {
            part.Remove("epochs");
        }

        return json.ToJsonString(Json);
    }

    /// <summary>The configuration as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads what <see cref="ToJson"/> writes; missing members keep their defaults.</summary>
    /// <exception cref="JsonException">It is not JSON, or has unknown or unfitting members, or values out of range.</exception>
    public static CrypsonConfig FromJson(string json)
    {
        CrypsonConfig config;
        try
        {
            config = JsonSerializer.Deserialize<CrypsonConfig>(json, Json) ?? throw new JsonException("the configuration is empty");
        }
        catch (JsonException e) when (e.Path is not null)
        {
            throw new JsonException($"the configuration has an unknown key or an unfitting value at {e.Path}", e.Path, e.LineNumber, e.BytePositionInLine, e);
        }

        return ConfigRules.FirstFault(config) is { } fault ? throw new JsonException(fault) : config;
    }
}
