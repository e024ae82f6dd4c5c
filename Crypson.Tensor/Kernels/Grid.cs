namespace Crypson.Kernels;

/// <summary>The groups of a launch: how many there are, and which one this work-item is in.</summary>
public static class Grid
{
    /// <summary>The group's position.</summary>
    public static Index3D Index => Lane.Current.GroupIndex;

    /// <summary>Groups on each axis.</summary>
    public static Index3D Dimension => Lane.Current.Config.GridDim;

    public static int IdxX => Index.X;

    public static int IdxY => Index.Y;

    public static int IdxZ => Index.Z;

    public static int DimX => Dimension.X;

    public static int DimY => Dimension.Y;

    public static int DimZ => Dimension.Z;

    /// <summary>The work-item's position in the whole launch.</summary>
    public static Index3D GlobalIndex => new(
        IdxX * Group.DimX + Group.IdxX, IdxY * Group.DimY + Group.IdxY, IdxZ * Group.DimZ + Group.IdxZ);
}
