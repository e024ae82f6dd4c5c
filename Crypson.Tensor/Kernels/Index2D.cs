namespace Crypson.Kernels;

/// <summary>A position, or an extent, on two axes; neighbours in X run side by side.</summary>
/// <param name="X">The position on the fast axis.</param>
/// <param name="Y">The position on the slow axis.</param>
public readonly record struct Index2D(int X, int Y)
{
    /// <summary>The number of positions in the extent.</summary>
    public int Size => X * Y;

    public static implicit operator Index2D((int X, int Y) index) => new(index.X, index.Y);
}
