extern alias engine;
using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.ExceptionServices;
using Crypson.Kernels;
using engine::Crypson.Kernels;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace Crypson;

/// <summary>An accelerator of ILGPU. It runs the kernels of this assembly: the engine's kernel files, compiled with ILGPU's types.</summary>
public sealed class IlgpuDevice : engine::Crypson.Device
{
    private readonly Lock gate = new();
    private readonly Accelerator accelerator;
    private readonly AcceleratorStream stream;
    private readonly IlgpuKernels kernels;
    private readonly IlgpuArguments arguments;

    // Blocks by their address on the accelerator.
    private readonly ConcurrentDictionary<nint, MemoryBuffer> buffers = new();

    internal IlgpuDevice(Accelerator accelerator, string name)
    {
        this.accelerator = accelerator;
        Name = name;
        stream = accelerator.DefaultStream;
        var software = $"ILGPU {typeof(Accelerator).Assembly.GetName().Version!.ToString(3)}, {accelerator.AcceleratorType}";
        Info = accelerator switch
        {
            CudaAccelerator => Describe(DeviceKind.Gpu, "NVIDIA"),
            CLAccelerator openCl => Describe(openCl.DeviceType == CLDeviceType.CL_DEVICE_TYPE_GPU ? DeviceKind.Gpu : DeviceKind.Accelerator, openCl.VendorName),
            _ => Cpu.Info with { Software = software },
        };
        kernels = new IlgpuKernels(accelerator);
        arguments = new IlgpuArguments(this);

        DeviceInfo Describe(DeviceKind kind, string vendor) => new(kind, vendor, accelerator.Name, software, accelerator.NumMultiprocessors, accelerator.MemorySize);
    }

    public override string Name { get; }

    public override string Description => $"{Info.Model}, {Info.Software}";

    public override DeviceInfo Info { get; }

    /// <summary>What runs the kernels.</summary>
    public AcceleratorType AcceleratorType => accelerator.AcceleratorType;

    public override void Launch<TKernel>(in TKernel kernel, int groups) =>
        throw new NotSupportedException($"{typeof(TKernel).Name}: there is no kernel for device {Name}; move the operands with To(Device.Cpu)");

    internal override void Start<TCall>(KernelProgram program, KernelRange range, in TCall call)
    {
        lock (gate)
        {
            var kernel = kernels.Get(typeof(TCall), program, Name);
            call.Write(arguments.Begin(program, kernel));
            try
            {
                kernel.Launch(stream, range.Config, arguments.Values);
            }
            catch (TargetInvocationException e) when (e.InnerException is not null)
            {
                ExceptionDispatchInfo.Throw(e.InnerException);
            }
        }
    }

    internal ILGPU.ArrayView<T> View<T>(Storage storage, long offset, long length)
        where T : unmanaged => new(buffers[storage.Address], offset, length);

    internal override void CopyIn<T>(ReadOnlySpan<T> source, Storage destination)
    {
        lock (gate)
        {
            View<T>(destination, 0, source.Length).CopyFromCPU(stream, source);
        }
    }

    internal override void Finish()
    {
        lock (gate)
        {
            stream.Synchronize();
        }
    }

    internal override void Read<T>(Storage source, Span<T> destination)
    {
        lock (gate)
        {
            View<T>(source, 0, destination.Length).CopyToCPU(stream, destination);
        }
    }

    internal override nint AllocateBlock(long bytes)
    {
        lock (gate)
        {
            try
            {
                var buffer = accelerator.AllocateRaw(bytes, 1);
                buffers[buffer.NativePtr] = buffer;
                return buffer.NativePtr;
            }
            catch (AcceleratorException e) when (IsOutOfMemory(e))
            {
                throw new OutOfMemoryException($"{Name}: {e.Message}", e);
            }
        }
    }

    internal override void FreeBlock(nint address)
    {
        lock (gate)
        {
            if (buffers.TryRemove(address, out var buffer))
            {
                buffer.Dispose();
            }
        }
    }

    private static bool IsOutOfMemory(AcceleratorException e) => e switch
    {
        CudaException cuda => cuda.Error == nameof(ILGPU.Runtime.Cuda.CudaError.CUDA_ERROR_OUT_OF_MEMORY),
        CLException openCl => openCl.Error is CLError.CL_MEM_OBJECT_ALLOCATION_FAILURE or CLError.CL_OUT_OF_RESOURCES
            or CLError.CL_OUT_OF_HOST_MEMORY or CLError.CL_INVALID_BUFFER_SIZE,
        _ => false,
    };
}
