namespace Crypson.Models;

/// <summary>Named numbers of a step or a validation, in order.</summary>
public sealed class MetricValues : OrderedDictionary<string, double>;
