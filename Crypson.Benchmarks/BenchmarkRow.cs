namespace Crypson.Benchmarks;

/// <summary>Something to time. The name is the peer script's, so that results can be laid side by side.</summary>
/// <param name="Name">Group and shape, such as <c>gemm/512x512x512</c>.</param>
/// <param name="Device">Who does it: a device such as <c>cpu</c> or <c>cuda:0</c>, or a baseline, <c>mathnet</c> or <c>naive</c>.</param>
/// <param name="Flops">Floating-point operations of one call, 2 per multiplication and addition; 0 if that says nothing.</param>
/// <param name="Bytes">Bytes that one call reads and writes at least; 0 if that says nothing.</param>
/// <param name="Create">Makes the operands; nothing large is held before.</param>
public sealed record BenchmarkRow(string Name, string Device, double Flops, double Bytes, Func<BenchmarkWork> Create)
{
    /// <summary>The name's part before the first slash.</summary>
    public string Group => Name[..Name.IndexOf('/')];

    /// <summary>Whether it belongs to the short table that is made when nothing is asked for.</summary>
    public bool IsTypical { get; init; }

    /// <summary>10⁹ operations a second of a call that takes so long; NaN if the row has none.</summary>
    public double GigaFlops(double milliseconds) => Flops > 0 ? Flops / milliseconds * 1e-6 : double.NaN;

    /// <summary>10⁹ bytes a second of a call that takes so long; NaN if the row has none.</summary>
    public double GigaBytes(double milliseconds) => Bytes > 0 ? Bytes / milliseconds * 1e-6 : double.NaN;

    /// <summary>Whether <paramref name="selection"/> is the row's group, or the beginning of its name from the group on.</summary>
    public bool Fits(string selection) => Group == selection || (selection.Contains('/') && Name.StartsWith(selection, StringComparison.Ordinal));

    /// <summary>Name and device.</summary>
    public override string ToString() => $"{Name} {Device}";
}
