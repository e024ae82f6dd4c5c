using System.Text;
using Crypson.Kernels;

namespace Crypson;

/// <summary>A GPU of NVIDIA, through the driver's own interface and NVRTC.</summary>
public sealed unsafe class CudaDevice : Device
{
    private const int MultiprocessorCount = 16;
    private const int CapabilityMajor = 75;
    private const int CapabilityMinor = 76;
    private const uint NonBlocking = 1;

    private readonly Lock gate = new();
    private readonly CudaApi api;
    private readonly int index;
    private readonly nint context;
    private readonly nint stream;
    private readonly CudaStaging staging;
    private readonly CudaPrograms programs;
    private readonly CudaArguments arguments;

    internal CudaDevice(CudaApi api, IEnumerable<NvrtcApi> compilers, int index)
    {
        this.api = api;
        this.index = index;
        int handle;
        Check(api.DeviceGet(&handle, index), "cuDeviceGet");
        var architecture = 10 * Attribute(handle, CapabilityMajor) + Attribute(handle, CapabilityMinor);
        var (nvrtc, target) = NvrtcTarget.Choose(architecture, compilers, compiler => compiler.Architectures())
            ?? throw new DriverException($"cuda: no NVRTC compiles for sm_{architecture}; set CRYPSON_NVRTC to the libnvrtc of another toolkit");
        nint created;
        Check(api.DevicePrimaryCtxRetain(&created, handle), "cuDevicePrimaryCtxRetain");
        context = created;
        Enter();
        Check(api.StreamCreate(&created, NonBlocking), "cuStreamCreate");
        stream = created;

        nuint memory;
        Check(api.DeviceTotalMem(&memory, handle), "cuDeviceTotalMem");
        MemoryBytes = (long)memory;
        int driver;
        Check(api.DriverGetVersion(&driver), "cuDriverGetVersion");
        int major, minor;
        nvrtc.Version(&major, &minor);
        var name = stackalloc byte[256];
        Check(api.DeviceGetName(name, 256, handle), "cuDeviceGetName");
        var model = Encoding.UTF8.GetString(name, 256).TrimEnd('\0');
        var units = Attribute(handle, MultiprocessorCount);
        var software = $"sm_{architecture}, driver {driver / 1000}.{driver % 1000 / 10}, NVRTC {major}.{minor}{(target.IsPtx ? $" with PTX for {target.Name}" : "")}";
        Description = $"{model}, {units} multiprocessors, {software}";
        Info = new DeviceInfo(DeviceKind.Gpu, "NVIDIA", model, $"CUDA {software}", units, MemoryBytes);
        staging = new CudaStaging(api, stream);
        programs = new CudaPrograms(api, nvrtc, target, $"{model}|{driver}|{major}.{minor}");
        arguments = new CudaArguments(this);
    }

    public override string Name => $"cuda:{index}";

    public override string Description { get; }

    public override DeviceInfo Info { get; }

    /// <summary>Bytes of memory of the device.</summary>
    public long MemoryBytes { get; }

    public override void Launch<TKernel>(in TKernel kernel, int groups) =>
        throw new NotSupportedException($"{typeof(TKernel).Name}: there is no kernel for device {Name}; move the operands with To(Device.Cpu)");

    internal override void Start<TCall>(KernelProgram program, KernelRange range, in TCall call)
    {
        lock (gate)
        {
            Enter();
            var (kernel, largestGroup) = programs.Get(program, Name);
            arguments.Begin(program);
            call.Write(arguments);
            var (grid, group) = range.InGroups(program.Name, largestGroup, KernelRange.MaxGroupsYZ);
            var status = api.LaunchKernel(
                kernel, (uint)grid.X, (uint)grid.Y, (uint)grid.Z, (uint)group.X, (uint)group.Y, (uint)group.Z, 0, stream, arguments.Pointers, null);
            if (status != 0)
            {
                Check(status, $"cuLaunchKernel {program.Name}, {grid} groups of {group}");
            }
        }
    }

    internal override void CopyIn<T>(ReadOnlySpan<T> source, Storage destination)
    {
        if (source.IsEmpty)
        {
            return;
        }

        lock (gate)
        {
            Enter();
            fixed (T* p = source)
            {
                staging.Write(p, (long)source.Length * sizeof(T), destination.Address);
            }
        }
    }

    internal override void Finish()
    {
        lock (gate)
        {
            Enter();
            Check(api.StreamSynchronize(stream), "cuStreamSynchronize");
        }
    }

    internal override void Read<T>(Storage source, Span<T> destination)
    {
        lock (gate)
        {
            Enter();
            fixed (T* p = destination)
            {
                var bytes = (nuint)destination.Length * (nuint)sizeof(T);
                Check(api.MemcpyDtoHAsync(p, source.Address, bytes, stream), "cuMemcpyDtoHAsync");
                Check(api.StreamSynchronize(stream), "cuStreamSynchronize");
            }
        }
    }

    internal override nint AllocateBlock(long bytes)
    {
        Enter();
        nint address;
        Check(api.MemAlloc(&address, (nuint)bytes), $"cuMemAlloc ({bytes} bytes)");
        return address;
    }

    internal override void FreeBlock(nint address)
    {
        Enter();
        Check(api.MemFree(address), "cuMemFree");
    }

    private int Attribute(int handle, int name)
    {
        int value;
        Check(api.DeviceGetAttribute(&value, name, handle), $"cuDeviceGetAttribute {name}");
        return value;
    }

    // Any thread may call; the driver's context belongs to a thread.
    private void Enter() => Check(api.CtxSetCurrent(context), "cuCtxSetCurrent");

    private void Check(int status, string call) => CudaError.Check(api, status, call);
}
