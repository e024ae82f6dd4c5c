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

    /// <summary>
    /// The given groups, or groups of at most <paramref name="size"/> work-items that cover the extent; a kernel's text leaves
    /// out the positions behind its end.
    /// </summary>
    internal KernelConfig InGroups(int size)
    {
        if (!IsExtent)
        {
            return Config;
        }

        var extent = Config.GridDim;
        var y = extent.Y > 1 && size >= 64 ? 4 : 1;
        var z = extent.Z > 1 && size >= 64 ? 4 : 1;
        var x = Math.Max(1, size / (y * z));
        return new KernelConfig((Divide(extent.X, x), Divide(extent.Y, y), Divide(extent.Z, z)), (x, y, z));
    }

    private static int Divide(int count, int size) => (int)(((long)count + size - 1) / size);
}
