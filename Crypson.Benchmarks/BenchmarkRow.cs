namespace Crypson.Benchmarks;

/// <summary>Something to time. The name is the peer script's, so that results can be laid side by side.</summary>
/// <param name="Name">Group and shape, such as <c>gemm/512x512x512</c>.</param>
/// <param name="Device">Who does it: <c>cpu</c>, <c>mathnet</c> or <c>naive</c>.</param>
/// <param name="Flops">Floating-point operations of one call, 2 per multiplication and addition; 0 if that says nothing.</param>
/// <param name="Bytes">Bytes that one call reads and writes at least; 0 if that says nothing.</param>
/// <param name="Create">Makes the operands; nothing large is held before.</param>
public sealed record BenchmarkRow(string Name, string Device, double Flops, double Bytes, Func<BenchmarkWork> Create)
{
    /// <summary>The name's part before the first slash.</summary>
    public string Group => Name[..Name.IndexOf('/')];

    /// <summary>Whether it belongs to the short table that is made when nothing is asked for.</summary>
    public bool IsTypical { get; init; }
}
