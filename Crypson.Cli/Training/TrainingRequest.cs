using Crypson.Models;

namespace Crypson.Cli;

/// <summary>What the command line says about a training run; null where it says nothing.</summary>
internal sealed record TrainingRequest
{
    /// <summary><c>cgan</c>, <c>vae</c>, <c>classifier</c> or <c>all</c>.</summary>
    public required string Task { get; init; }

    public string? Data { get; init; }

    public string? Split { get; init; }

    public int? Classes { get; init; }

    public int? PerClass { get; init; }

    public string? Generator { get; init; }

    public string? Vae { get; init; }

    public string? Run { get; init; }

    public string? Preset { get; init; }

    public string? ConfigFile { get; init; }

    public IReadOnlyList<string> Assignments { get; init; } = [];

    public long? Epochs { get; init; }

    public long? BatchSize { get; init; }

    public double? LearningRate { get; init; }

    public ulong? Seed { get; init; }

    public bool Resume { get; init; }

    public bool DryRun { get; init; }

    public bool Json { get; init; }

    public required DeviceChoice Device { get; init; }

    public required TrainingLimits Limits { get; init; }

    /// <summary>The tasks it trains, in order.</summary>
    public IReadOnlyList<string> Tasks => Task == "all" ? ["cgan", "vae", "classifier"] : [Task];

    /// <summary>The configuration: preset or <paramref name="start"/>, file, single keys, then options.</summary>
    /// <exception cref="UsageException">Something does not fit.</exception>
    public CrypsonConfig BuildConfig(CrypsonConfig start)
    {
        var builder = new ConfigBuilder(Preset is null ? start : CrypsonConfig.Preset(Preset));
        if (ConfigFile is not null)
        {
            builder.AddFile(ConfigFile);
        }

        foreach (var assignment in Assignments)
        {
            builder.AddAssignment(assignment);
        }

        foreach (var task in Tasks)
        {
            Set(builder, $"{task}.epochs", Epochs, "--epochs");
            Set(builder, $"{task}.batchSize", BatchSize, "--batch-size");
            Set(builder, $"{task}.learningRate", LearningRate, "--lr");
        }

        Set(builder, "seed", Seed, "--seed");
        return builder.Build();
    }

    /// <summary>The images: those of the record, if the run goes on, else those of the options.</summary>
    /// <exception cref="UsageException">The options contradict each other or the record.</exception>
    public DataChoice ChooseData(DataChoice? before)
    {
        if (before is null)
        {
            DataChoice.RequireFolder(Data, Split);
        }

        if (Data is not null && (Classes ?? PerClass) is not null)
        {
            throw new UsageException($"{(Classes is null ? "--per-class" : "--classes")} is for synthesised handwriting and does not go with --data\n  hint: leave one of the two out");
        }

        if (before is null)
        {
            return new DataChoice(Data is null ? null : Path.GetFullPath(Data), Split, Classes ?? 47, PerClass ?? DataChoice.DefaultPerClass);
        }

        RequireSame("--data", Data is null ? null : Path.GetFullPath(Data), before.Folder ?? "synthesised handwriting");
        RequireSame("--split", Split, before.Split ?? "the folder's own choice");
        RequireSame("--classes", Classes?.ToString(), $"{before.Classes}");
        RequireSame("--per-class", PerClass?.ToString(), $"{before.PerClass}");
        return before;
    }

    /// <summary>A path that a run keeps: that of the record, if there is one.</summary>
    /// <exception cref="UsageException">The option names another one.</exception>
    public static string? ChoosePath(string option, string? given, string? before)
    {
        var full = given is null ? null : Path.GetFullPath(given);
        if (before is not null)
        {
            RequireSame(option, full, before);
        }

        return before ?? full;
    }

    private static void RequireSame(string option, string? given, string before)
    {
        if (given is not null && given != before)
        {
            throw new UsageException($"{option}: the run was started with {before}, not {given}\n  hint: resume without {option}, or start another run with another --run");
        }
    }

    private static void Set<T>(ConfigBuilder builder, string key, T? value, string option)
        where T : struct, IFormattable
    {
        if (value is { } given)
        {
            builder.Set(key, given.ToString(null, System.Globalization.CultureInfo.InvariantCulture), option);
        }
    }
}
