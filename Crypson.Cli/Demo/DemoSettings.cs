using Crypson.Models;

namespace Crypson.Cli;

/// <summary>What a demo does.</summary>
internal sealed record DemoSettings
{
    /// <summary>Capitals, punctuation, and characters of two and four bytes.</summary>
    public const string DefaultText = "Hear the news: Zoë arrives at 7! 🌙";

    /// <summary>Where everything is put.</summary>
    public string Folder { get; init; } = "demo";

    /// <summary>What is sent.</summary>
    public string Text { get; init; } = DefaultText;

    public CrypsonConfig Config { get; init; } = CrypsonConfig.Preset("small");

    /// <summary>The letters.</summary>
    public ClassMapping Classes { get; init; } = ClassMapping.Balanced;

    /// <summary>Synthesised training images of each letter.</summary>
    public int ImagesPerClass { get; init; } = 200;

    /// <summary>Held-out letters of each class that are read to measure accuracy.</summary>
    public int TestLettersPerClass { get; init; } = 40;

    /// <summary>Where the networks run.</summary>
    public DeviceChoice Device { get; init; } = new("cpu");

    /// <summary>An emergency brake: trainings stop early when they would not be done by then.</summary>
    public TimeSpan TimeBudget { get; init; } = TimeSpan.FromSeconds(165);

    /// <summary>Whether somebody asked for this time, so that the demo is done by then or gives up.</summary>
    public bool KeepsBudget { get; init; }
}
