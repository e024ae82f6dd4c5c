extern alias engine;

using ILGPU.Runtime;

namespace Crypson.Kernels;

/// <summary>A kernel that ILGPU has compiled.</summary>
/// <param name="Kernel">ILGPU's handle.</param>
/// <param name="Rank">The number of axes of its index; 0 for a kernel that is launched in groups.</param>
/// <param name="Arguments">The types of what it takes besides the index.</param>
internal sealed record IlgpuKernel(Kernel Kernel, int Rank, Type[] Arguments)
{
    public void Launch(AcceleratorStream stream, engine::Crypson.Kernels.KernelConfig config, object[] arguments)
    {
        var (grid, group) = (config.GridDim, config.GroupDim);
        switch (Rank)
        {
            case 0:
                Kernel.Launch(stream, new KernelConfig(new Index3D(grid.X, grid.Y, grid.Z), new Index3D(group.X, group.Y, group.Z)), arguments);
                break;
            case 1:
                Kernel.Launch(stream, new Index1D(grid.X), arguments);
                break;
            case 2:
                Kernel.Launch(stream, new Index2D(grid.X, grid.Y), arguments);
                break;
            default:
                Kernel.Launch(stream, new Index3D(grid.X, grid.Y, grid.Z), arguments);
                break;
        }
    }
}
