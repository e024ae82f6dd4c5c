namespace Crypson.Kernels;

/// <summary>A position, or an extent, on one axis.</summary>
/// <param name="X">The position.</param>
public readonly record struct Index1D(int X)
{
    /// <summary>The number of positions in the extent.</summary>
    public int Size => X;

    public static implicit operator Index1D(int x) => new(x);

    public static implicit operator int(Index1D index) => index.X;
}
