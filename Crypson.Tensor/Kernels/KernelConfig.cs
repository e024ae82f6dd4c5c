namespace Crypson.Kernels;

/// <summary>How many groups of how many work-items run an explicitly grouped kernel.</summary>
/// <param name="GridDim">Groups on each axis.</param>
/// <param name="GroupDim">Work-items per group on each axis.</param>
public readonly record struct KernelConfig(Index3D GridDim, Index3D GroupDim)
{
    /// <summary>One axis.</summary>
    public KernelConfig(int gridDim, int groupDim)
        : this(new Index3D(gridDim, 1, 1), new Index3D(groupDim, 1, 1))
    {
    }

    public static implicit operator KernelConfig((int GridDim, int GroupDim) config) => new(config.GridDim, config.GroupDim);

    public static implicit operator KernelConfig((Index2D GridDim, Index2D GroupDim) config) =>
        new((config.GridDim.X, config.GridDim.Y, 1), (config.GroupDim.X, config.GroupDim.Y, 1));

    public static implicit operator KernelConfig((Index3D GridDim, Index3D GroupDim) config) => new(config.GridDim, config.GroupDim);
}
