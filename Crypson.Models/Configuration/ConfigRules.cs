using System.Globalization;
using Crypson.Nn;

namespace Crypson.Models;

/// <summary>What the values of a configuration may be.</summary>
internal static class ConfigRules
{
    // Wider layers than any in use; a damaged file shall not ask for more memory than there is.
    private const int Widest = 8192;
    private const int MostSamples = 1 << 20;
    private const int MostStages = 5;

    /// <summary>The first value that is out of range, in words, or null.</summary>
    public static string? FirstFault(CrypsonConfig config)
    {
        if (config.Cgan is null || config.Vae is null || config.Classifier is null || config.Time is null)
        {
            return "cgan, vae, classifier and time cannot be null";
        }

        return Faults(config).FirstOrDefault(fault => fault is not null);
    }

    private static IEnumerable<string?> Faults(CrypsonConfig config) =>
        Cgan(config.Cgan).Concat(Vae(config.Vae)).Concat(Classifier(config.Classifier)).Concat(
        [
            OneOf("time.kind", config.Time.Kind, "continuous", "discrete"),
            Between("time.steps", config.Time.Steps, 1, 1 << 24),
        ]);

    private static IEnumerable<string?> Cgan(CganConfig cgan) =>
    [
        .. Schedule("cgan", cgan.Epochs, cgan.BatchSize, cgan.LearningRate, cgan.ValidationFraction),
        Share("cgan.beta1", cgan.Beta1), Share("cgan.beta2", cgan.Beta2),
        Between("cgan.noiseLength", cgan.NoiseLength, 1, Widest), Widths("cgan.channels", cgan.Channels, 3, 3), Widths("cgan.hidden", cgan.Hidden, 1, 16),
    ];

    private static IEnumerable<string?> Vae(VaeConfig vae) =>
    [
        .. Schedule("vae", vae.Epochs, vae.BatchSize, vae.LearningRate, vae.ValidationFraction),
        OneOf("vae.optimizer", vae.Optimizer, "adam", "adamw"), OneOf("vae.images", vae.Images, "generated", "real"),
        vae.KlWeight is >= 0 and <= 1 ? null : Fault("vae.klWeight", vae.KlWeight, "0 to 1"),
        Between("vae.samples", vae.Samples, 2, MostSamples), Widths("vae.hidden", vae.Hidden, 1, MostStages),
    ];

    private static IEnumerable<string?> Classifier(ClassifierConfig classifier) =>
    [
        .. Schedule("classifier", classifier.Epochs, classifier.BatchSize, classifier.LearningRate, classifier.ValidationFraction),
        Between("classifier.samples", classifier.Samples, 2, MostSamples), Between("classifier.wide", classifier.Wide, 1, Widest),
        Share("classifier.dropout", classifier.Dropout),
    ];

    private static IEnumerable<string?> Schedule(string part, int epochs, int batchSize, double learningRate, double validationFraction) =>
    [
        Between($"{part}.epochs", epochs, 1, 1_000_000), Between($"{part}.batchSize", batchSize, 2, 65536),
        learningRate > 0 && double.IsFinite(learningRate) ? null : Fault($"{part}.learningRate", learningRate, "a number above 0"),
        Share($"{part}.validationFraction", validationFraction),
    ];

    private static string? Share(string name, double value) => value is >= 0 and < 1 ? null : Fault(name, value, "0 or more and below 1");

    private static string? Between(string name, int value, int least, int most) => value >= least && value <= most ? null : Fault(name, value, $"{least} to {most}");

    private static string? OneOf(string name, string value, params string[] words) =>
        words.Contains(value) ? null
            : $"{name}: '{value}' is not one of {string.Join(", ", words)}{(Spelling.Nearest(value, words) is { } nearest ? $"\n  hint: did you mean '{nearest}'?" : string.Empty)}";

    private static string? Widths(string name, IReadOnlyList<int>? widths, int fewest, int most)
    {
        if (widths is null || widths.Count < fewest || widths.Count > most)
        {
            return $"{name}: {widths?.Count ?? 0} widths are given, {(fewest == most ? $"{fewest}" : $"{fewest} to {most}")} are needed";
        }

        var wrong = widths.FirstOrDefault(width => width is < 1 or > Widest, 1);
        return wrong is < 1 or > Widest ? Fault(name, wrong, $"1 to {Widest}") : null;
    }

    private static string Fault(string name, double value, string expected) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}: {value} is not {expected}");
}
