namespace Crypson.Kernels;

/// <summary>What a launch covers: groups of a given size, or an extent whose grouping the device chooses.</summary>
/// <param name="Config">Groups and their size; with an extent, one group per position.</param>
/// <param name="IsExtent">True when the device chooses the groups.</param>
public readonly record struct KernelRange(KernelConfig Config, bool IsExtent)
{
    /// <summary>The most groups that CUDA runs on the Y and on the Z axis; the engine's own launches keep to it everywhere.</summary>
    internal const int MaxGroupsYZ = 65535;

    /// <summary>Each position of the extent once.</summary>
    public static KernelRange Over(Index1D extent) => new(new KernelConfig((extent.X, 1, 1), (1, 1, 1)), true);

    /// <summary>Each position of the extent once.</summary>
    public static KernelRange Over(Index2D extent) => new(new KernelConfig((extent.X, extent.Y, 1), (1, 1, 1)), true);

    /// <summary>Each position of the extent once.</summary>
    public static KernelRange Over(Index3D extent) => new(new KernelConfig(extent, (1, 1, 1)), true);

    /// <summary>The given groups.</summary>
    public static KernelRange Groups(KernelConfig config) => new(config, false);

    /// <summary>True when nothing runs: there are no positions, or no groups.</summary>
    public bool IsEmpty => Config.GridDim.X == 0 || Config.GridDim.Y == 0 || Config.GridDim.Z == 0;

    /// <summary>Throws, naming the kernel, if a size is negative or a group has no work-item.</summary>
    /// <exception cref="ArgumentException">A size is wrong.</exception>
    internal void Require(string kernel)
    {
        var (grid, group) = Config;
        if (Math.Min(Math.Min(grid.X, grid.Y), grid.Z) < 0)
        {
            throw new ArgumentException($"{kernel}: {(IsExtent ? "an extent" : "a grid")} of {grid} is negative");
        }

        if (Math.Min(Math.Min(group.X, group.Y), group.Z) < 1)
        {
            throw new ArgumentException($"{kernel}: a group of {group} has no work-item; each size must be 1 or more");
        }
    }

    /// <summary>
    /// The given groups, or groups of at most 256 work-items that cover the extent; a kernel's text leaves out the positions
    /// behind its end.
    /// </summary>
    /// <param name="kernel">The kernel's name.</param>
    /// <param name="largest">The most work-items that the device runs in a group of this kernel.</param>
    /// <param name="groupsYZ">The most groups that the device runs on the Y and on the Z axis.</param>
    /// <exception cref="ArgumentException">The given groups are larger.</exception>
    /// <exception cref="NotSupportedException">There are more groups on an axis.</exception>
    internal KernelConfig InGroups(string kernel, int largest, int groupsYZ = int.MaxValue)
    {
        var config = IsExtent ? Cover(Config.GridDim, Math.Min(256, largest)) : Config;
        var (grid, group) = config;
        var items = (double)group.X * group.Y * group.Z;
        if (items > largest)
        {
            throw new ArgumentException($"{kernel}: a group of {group} has {items} work-items; the device runs at most {largest} in a group of this kernel");
        }

        return Math.Max(grid.Y, grid.Z) <= groupsYZ
            ? config
            : throw new NotSupportedException($"{kernel}: {grid} groups of {group}: the device runs {groupsYZ} groups on the Y and Z axes; let X be the long axis");
    }

    private static KernelConfig Cover(Index3D extent, int size)
    {
        var y = extent.Y > 1 && size >= 64 ? 4 : 1;
        var z = extent.Z > 1 && size >= 64 ? 4 : 1;
        var x = Math.Max(1, size / (y * z));
        return new KernelConfig((Divide(extent.X, x), Divide(extent.Y, y), Divide(extent.Z, z)), (x, y, z));
    }

    private static int Divide(int count, int size) => (int)(((long)count + size - 1) / size);
}
