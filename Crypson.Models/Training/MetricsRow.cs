namespace Crypson.Models;

/// <summary>One line of a run's metrics.</summary>
/// <param name="Phase"><c>train</c> or <c>validation</c>.</param>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Step">Steps done so far.</param>
/// <param name="Values">The values; a validation also carries the epoch's training means as <c>train_…</c>.</param>
public sealed record MetricsRow(string Phase, int Epoch, long Step, MetricValues Values)
{
    public const string Train = "train";
    public const string Validation = "validation";
}
