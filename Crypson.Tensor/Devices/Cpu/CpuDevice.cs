using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Crypson.Cpu;
using Crypson.Kernels;

namespace Crypson;

/// <summary>The processor: SIMD kernels on all cores. Results do not depend on the number of threads.</summary>
public sealed class CpuDevice : Device
{
    internal CpuDevice()
    {
    }

    /// <summary>Threads that kernels use, 1 or more; the number of processors unless changed.</summary>
    public static int Threads
    {
        get => Workers.ThreadCount;
        set => Workers.ThreadCount = value;
    }

    public override string Name => "cpu";

    public override string Description =>
        $"{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}, {Environment.ProcessorCount} cores, {InstructionSet}";

    public override DeviceInfo Info => new(DeviceKind.Cpu, Processor.Vendor, Processor.Model, InstructionSet, Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    private static string InstructionSet =>
        Vector512.IsHardwareAccelerated ? "AVX-512" : Vector256.IsHardwareAccelerated ? "AVX2" : $"{Vector<float>.Count * 32}-bit SIMD";

    public override void Launch<TKernel>(in TKernel kernel, int groups) => Workers.Run(kernel, groups);

    /// <summary>Runs the kernel as plain C#: right, and the reference for the other devices, but without vectors.</summary>
    internal override void Start<TCall>(KernelProgram program, KernelRange range, in TCall call) => PlainCode.Run(this, program, range, call);

    internal override bool IsHost => true;

    internal override unsafe void CopyIn<T>(ReadOnlySpan<T> source, Storage destination) =>
        source.CopyTo(new Span<T>((void*)destination.Address, source.Length));

    internal override void Finish()
    {
    }

    internal override unsafe void Read<T>(Storage source, Span<T> destination) =>
        new ReadOnlySpan<T>((void*)source.Address, destination.Length).CopyTo(destination);

    internal override unsafe nint AllocateBlock(long bytes) => (nint)NativeBlock.Allocate((nint)bytes);

    internal override unsafe void FreeBlock(nint address) => NativeBlock.Free((void*)address);
}
