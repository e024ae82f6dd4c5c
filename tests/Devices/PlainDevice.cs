using System.Runtime.InteropServices;
using Crypson.Kernels;

namespace Crypson.Tests;

/// <summary>
/// A device whose kernels are the ones of devices, run as plain C#: there, an index outside of a view throws, where a device
/// would read or write what is beside the tensor.
/// </summary>
internal unsafe class PlainDevice : Device
{
    public override string Name => "plain";

    public override string Description => Name;

    public override DeviceInfo Info => Cpu.Info;

    /// <summary>Floats of a register; the kernels that CPUs get are run if it is not 0.</summary>
    internal override int VectorWidth => Width;

    public int Width { get; init; }

    internal override bool IsHost => true;

    public override void Launch<TKernel>(in TKernel kernel, int groups) => Cpu.Launch(kernel, groups);

    internal override void Start<TCall>(KernelProgram program, KernelRange range, in TCall call) => PlainCode.Run(this, program, range, call);

    internal override void CopyIn<T>(ReadOnlySpan<T> source, Storage destination) => source.CopyTo(new Span<T>((void*)destination.Address, source.Length));

    internal override void Read<T>(Storage source, Span<T> destination) => new ReadOnlySpan<T>((void*)source.Address, destination.Length).CopyTo(destination);

    internal override void Finish()
    {
    }

    internal override nint AllocateBlock(long bytes) => Marshal.AllocHGlobal((nint)bytes);

    internal override void FreeBlock(nint address) => Marshal.FreeHGlobal(address);
}
