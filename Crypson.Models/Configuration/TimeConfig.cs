namespace Crypson.Models;

/// <summary>The kind of time embedding.</summary>
public sealed record TimeConfig
{
    /// <summary><c>continuous</c> or <c>discrete</c>.</summary>
    public string Kind { get; init; } = "continuous";

    /// <summary>Rows of the discrete table.</summary>
    public int Steps { get; init; } = 1024;

    /// <summary>The kind as a value.</summary>
    /// <exception cref="ArgumentException">There is no such kind.</exception>
    public TimeEmbeddingKind ToKind() => Kind switch
    {
        "continuous" => TimeEmbeddingKind.Continuous,
        "discrete" => TimeEmbeddingKind.Discrete,
        _ => throw new ArgumentException($"there is no time embedding '{Kind}'; choose continuous or discrete"),
    };
}
