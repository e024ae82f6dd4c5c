namespace Crypson.Kernels;

/// <summary>What a launch covers: groups of a given size, or an extent whose grouping the device chooses.</summary>
/// <param name="Config">Groups and their size; with an extent, one group per position.</param>
/// <param name="IsExtent">True when the device chooses the groups.</param>
public readonly record struct KernelRange(KernelConfig Config, bool IsExtent)
{
    /// <summary>Each position of the extent once.</summary>
    public static KernelRange Over(Index1D extent) => new(new KernelConfig((extent.X, 1, 1), (1, 1, 1)), true);

    /// <summary>Each position of the extent once.</summary>
    public static KernelRange Over(Index2D extent) => new(new KernelConfig((extent.X, extent.Y, 1), (1, 1, 1)), true);

    /// <summary>Each position of the extent once.</summary>
    public static KernelRange Over(Index3D extent) => new(new KernelConfig(extent, (1, 1, 1)), true);

    /// <summary>The given groups.</summary>
    public static KernelRange Groups(KernelConfig config) => new(config, false);

    /// <summary>True when nothing runs.</summary>
    public bool IsEmpty => Config.GridDim.X <= 0 || Config.GridDim.Y <= 0 || Config.GridDim.Z <= 0
        || Config.GroupDim.X <= 0 || Config.GroupDim.Y <= 0 || Config.GroupDim.Z <= 0;
}
