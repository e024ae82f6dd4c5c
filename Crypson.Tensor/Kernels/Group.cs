namespace Crypson.Kernels;

/// <summary>The work-items of a group: how many there are, which one this is, and where they meet.</summary>
public static class Group
{
    /// <summary>The work-item's position in its group.</summary>
    public static Index3D Index => Lane.Current.Index;

    /// <summary>Work-items per group on each axis.</summary>
    public static Index3D Dimension => Lane.Current.Config.GroupDim;

    public static int IdxX => Index.X;

    public static int IdxY => Index.Y;

    public static int IdxZ => Index.Z;

    public static int DimX => Dimension.X;

    public static int DimY => Dimension.Y;

    public static int DimZ => Dimension.Z;

    /// <summary>The work-item's number in its group, X fastest.</summary>
    public static int LinearIndex => Lane.Current.LinearIndex;

    /// <summary>Waits until every work-item of the group is here, and makes what they wrote visible to each other.</summary>
    public static void Barrier() => Lane.Current.Group?.Barrier();
}
