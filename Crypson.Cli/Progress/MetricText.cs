using Crypson.Models;

namespace Crypson.Cli;

/// <summary>Metrics in a line.</summary>
internal static class MetricText
{
    /// <summary>"d_loss 0.7132  g_loss 1.2045"; the means of the epoch's training steps are left out.</summary>
    public static string Values(MetricValues values) =>
        string.Join("  ", values.Where(value => !IsTrainingMean(value.Key)).Select(value => $"{value.Key} {Format.Value(value.Value)}"));

    /// <summary>Whether a validation's value is the mean over the training steps of its epoch.</summary>
    public static bool IsTrainingMean(string name) => name.StartsWith("train_", StringComparison.Ordinal);
}
