namespace Crypson.Kernels;

/// <summary>A position, or an extent, on three axes; neighbours in X run side by side.</summary>
/// <param name="X">The position on the fast axis.</param>
/// <param name="Y">The position on the middle axis.</param>
/// <param name="Z">The position on the slow axis.</param>
public readonly record struct Index3D(int X, int Y, int Z)
{
    /// <summary>The number of positions in the extent.</summary>
    public int Size => X * Y * Z;

    public override string ToString() => $"{X} x {Y} x {Z}";

    public static implicit operator Index3D((int X, int Y, int Z) index) => new(index.X, index.Y, index.Z);
}
