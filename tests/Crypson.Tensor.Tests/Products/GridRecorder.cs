using System.Runtime.InteropServices;
using Crypson.Kernels;

namespace Crypson.Tests.Products;

/// <summary>A device that runs nothing and writes down the groups that it is asked for.</summary>
internal sealed class GridRecorder : Device, IDisposable
{
    public List<Index3D> Grids { get; } = [];

    public override string Name => "recorder";

    public override string Description => Name;

    public override DeviceInfo Info => Cpu.Info;

    public override void Launch<TKernel>(in TKernel kernel, int groups) => throw new NotSupportedException();

    public void Dispose() => TrimMemory();

    internal override void Start<TCall>(KernelProgram program, KernelRange range, in TCall call) => Grids.Add(range.InGroups(program.Name, 256).GridDim);

    internal override void CopyIn<T>(ReadOnlySpan<T> source, Storage destination) => throw new NotSupportedException();

    internal override void Read<T>(Storage source, Span<T> destination) => throw new NotSupportedException();

    internal override void Finish()
    {
    }

    internal override nint AllocateBlock(long bytes) => Marshal.AllocHGlobal((nint)bytes);

    internal override void FreeBlock(nint address) => Marshal.FreeHGlobal(address);
}
