using Crypson.Kernels;

namespace Crypson;

/// <summary>A device that OpenCL offers: a GPU of any maker, or the CPU through PoCL.</summary>
public sealed unsafe class OpenClDevice : Device
{
    private const uint DeviceType = 0x1000;
    private const uint MaxComputeUnits = 0x1002;
    private const uint GlobalMemorySize = 0x101F;
    private const uint SingleConfig = 0x101B;
    private const uint NativeVectorWidthFloat = 0x103A;
    private const uint DeviceName = 0x102B;
    private const uint DeviceVendor = 0x102C;
    private const uint DeviceVersion = 0x102F;
    private const uint DriverVersion = 0x102D;
    private const uint Extensions = 0x1030;
    private const ulong CorrectlyRounded = 1 << 7;
    private const ulong ReadWrite = 1;

    private readonly Lock gate = new();
    private readonly OpenClApi api;
    private readonly nint platform;
    private readonly nint handle;
    private readonly nint context;
    private readonly nint queue;
    private readonly int index;
    private readonly OpenClStaging staging;
    private readonly OpenClPrograms programs;
    private readonly OpenClArguments arguments;
    private readonly int vectorWidth;
    private DeviceInfo info;

    internal OpenClDevice(OpenClApi api, nint platform, nint handle, int index)
    {
        (this.api, this.platform, this.handle, this.index) = (api, platform, handle, index);
        int status;
        context = api.CreateContext(null, 1, &handle, 0, 0, &status);
        OpenClError.Check(status, "clCreateContext");
        queue = api.CreateCommandQueue(context, handle, 0, &status);
        OpenClError.Check(status, "clCreateCommandQueue");

        var model = OpenClDriver.Text(api.GetDeviceInfo, handle, DeviceName);
        var version = OpenClDriver.Text(api.GetDeviceInfo, handle, DeviceVersion);
        var driver = OpenClDriver.Text(api.GetDeviceInfo, handle, DriverVersion);
        var type = Number(handle, DeviceType);
        IsGpu = (type & 4) != 0;
        HasDouble = OpenClDriver.Text(api.GetDeviceInfo, handle, Extensions).Split(' ').Contains("cl_khr_fp64");
        vectorWidth = (int)Math.Max(1, Number(handle, NativeVectorWidthFloat));
        var units = (int)Number(handle, MaxComputeUnits);
        Description = $"{model}, {units} compute units, {version}";
        info = new DeviceInfo(
            IsGpu ? DeviceKind.Gpu : (type & 2) != 0 ? DeviceKind.Cpu : DeviceKind.Accelerator,
            OpenClDriver.Text(api.GetDeviceInfo, handle, DeviceVendor), model, $"{version}, driver {driver}", units, (long)Number(handle, GlobalMemorySize));

        // Division and square root of OpenCL may be off by 3 units in the last place unless asked to be exact.
        Options = "-cl-std=CL1.2" + ((Number(handle, SingleConfig) & CorrectlyRounded) != 0 ? " -cl-fp32-correctly-rounded-divide-sqrt" : "");
        Identity = $"{OpenClDriver.Text(api.GetPlatformInfo, platform, 0x0901)}|{model}|{version}|{driver}";
        staging = new OpenClStaging(api, this, queue);
        programs = new OpenClPrograms(api, context, handle, Options, Identity);
        arguments = new OpenClArguments(api, this);
    }

    public override string Name => $"opencl:{index}";

    public override string Description { get; }

    public override DeviceInfo Info => info;

    /// <summary>True for a graphics processor, false for a CPU or an accelerator.</summary>
    public bool IsGpu { get; private init; }

    /// <summary>True when kernels may use double-precision numbers.</summary>
    public bool HasDouble { get; }

    /// <summary>Bytes of memory of the device.</summary>
    public long MemoryBytes => Info.MemoryBytes;

    // PoCL gives more than there is, and the operating system ends the process that uses it.
    internal override long MemoryLimit => MemoryBytes;

    internal override int VectorWidth => IsGpu ? 0 : vectorWidth;

    /// <summary>What kernels are built with.</summary>
    internal string Options { get; }

    /// <summary>The platform, the device and its driver: what a binary is good for.</summary>
    internal string Identity { get; }

    /// <summary>Kernels whose binary came from the cache on disk.</summary>
    internal int KernelsFromCache => programs.FromCache;

    /// <summary>The same device, given the kernels that GPUs get: tests run them where there is no GPU.</summary>
    internal OpenClDevice AsGpu() => new(api, platform, handle, index) { IsGpu = true };

    /// <summary>The same device, said to have less memory.</summary>
    internal OpenClDevice WithMemory(long bytes) => new(api, platform, handle, index) { info = Info with { MemoryBytes = bytes } };

    public override void Launch<TKernel>(in TKernel kernel, int groups) =>
        throw new NotSupportedException($"{typeof(TKernel).Name}: there is no kernel for device {Name}; move the operands with To(Device.Cpu)");

    internal override void Start<TCall>(KernelProgram program, KernelRange range, in TCall call)
    {
        if (program.Features.HasFlag(KernelFeatures.Double) && !HasDouble)
        {
            throw new NotSupportedException($"{program.Name}: {Name} has no double-precision numbers");
        }

        lock (gate)
        {
            var (kernel, largestGroup) = programs.Get(program, Name);
            arguments.Begin(program, kernel);
            call.Write(arguments);
            Enqueue(program, kernel, largestGroup, range);
        }
    }

    /// <summary>
    /// True when a call that queues work ran out of memory and unused memory has been given back. Drivers that allocate a
    /// block when it is first used say so here; what they refused is not queued, so the call may be made once more.
    /// </summary>
    internal bool CanRepeat(int status)
    {
        if (!OpenClError.IsOutOfMemory(status))
        {
            return false;
        }

        ReclaimMemory();
        return true;
    }

    /// <summary>Throws, with sizes if memory ran out, unless a call that queues work succeeded.</summary>
    internal void CheckQueued(int status, string call)
    {
        if (OpenClError.IsOutOfMemory(status))
        {
            throw new OutOfMemoryException(
                $"{OpenClError.Message(status, call)}: {Name} is out of memory ({BytesInUse} of {MemoryBytes} bytes in use); use a smaller batch");
        }

        OpenClError.Check(status, call);
    }

    internal override void CopyIn<T>(ReadOnlySpan<T> source, Storage destination)
    {
        if (source.IsEmpty)
        {
            return;
        }

        lock (gate)
        {
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
            OpenClError.Check(api.Finish(queue), "clFinish");
        }
    }

    internal override void Read<T>(Storage source, Span<T> destination)
    {
        lock (gate)
        {
            fixed (T* p = destination)
            {
                var bytes = (nuint)destination.Length * (nuint)sizeof(T);
                var status = api.EnqueueReadBuffer(queue, source.Address, 1, 0, bytes, p, 0, null, null);
                if (CanRepeat(status))
                {
                    status = api.EnqueueReadBuffer(queue, source.Address, 1, 0, bytes, p, 0, null, null);
                }

                CheckQueued(status, "clEnqueueReadBuffer");
            }
        }
    }

    internal override nint AllocateBlock(long bytes)
    {
        int status;
        var buffer = api.CreateBuffer(context, ReadWrite, (nuint)bytes, null, &status);
        OpenClError.CheckAllocation(status, $"clCreateBuffer ({bytes} bytes)");
        return buffer;
    }

    internal override void FreeBlock(nint address) => OpenClError.Check(api.ReleaseMemObject(address), "clReleaseMemObject");

    private void Enqueue(KernelProgram program, nint kernel, int largestGroup, KernelRange range)
    {
        var (grid, group) = range.InGroups(program.Name, largestGroup);
        var global = stackalloc nuint[] { (nuint)grid.X * (nuint)group.X, (nuint)grid.Y * (nuint)group.Y, (nuint)grid.Z * (nuint)group.Z };
        var local = stackalloc nuint[] { (nuint)group.X, (nuint)group.Y, (nuint)group.Z };
        var status = api.EnqueueNDRangeKernel(queue, kernel, 3, null, global, local, 0, null, null);
        if (CanRepeat(status))
        {
            status = api.EnqueueNDRangeKernel(queue, kernel, 3, null, global, local, 0, null, null);
        }

        if (status != 0)
        {
            CheckQueued(status, $"clEnqueueNDRangeKernel {program.Name}, {grid} groups of {group}");
        }
    }

    private ulong Number(nint handle, uint name)
    {
        // Sizes differ (4 or 8 bytes); the rest stays 0 on little-endian machines.
        ulong value = 0;
        nuint size;
        OpenClError.Check(api.GetDeviceInfo(handle, name, sizeof(ulong), &value, &size), $"clGetDeviceInfo 0x{name:X}");
        return value;
    }
}
