using System.Text;
using Crypson.Kernels;

namespace Crypson;

/// <summary>Builds kernels for one device, once each, from the cache on disk or from their text.</summary>
internal sealed unsafe class OpenClPrograms(OpenClApi api, nint context, nint device, string options, string identity)
{
    private const uint BuildLog = 0x1183;
    private const uint BinarySizes = 0x1165;
    private const uint Binaries = 0x1166;
    private const uint KernelWorkGroupSize = 0x11B0;

    private readonly Dictionary<KernelProgram, nint> kernels = [];
    private readonly Dictionary<nint, int> largestGroups = [];

    /// <summary>Kernels that came from the cache on disk.</summary>
    public int FromCache { get; private set; }

    public nint Get(KernelProgram program, string deviceName)
    {
        if (!kernels.TryGetValue(program, out var kernel))
        {
            kernels[program] = kernel = Build(program, deviceName);
        }

        return kernel;
    }

    /// <summary>The most work-items that a group of this kernel can have.</summary>
    public int LargestGroup(nint kernel)
    {
        if (!largestGroups.TryGetValue(kernel, out var largest))
        {
            nuint value;
            var status = api.GetKernelWorkGroupInfo(kernel, device, KernelWorkGroupSize, (nuint)sizeof(nuint), &value, null);
            OpenClError.Check(status, "clGetKernelWorkGroupInfo");
            largestGroups[kernel] = largest = (int)Math.Min(value, 1 << 20);
        }

        return largest;
    }

    private nint Build(KernelProgram program, string deviceName)
    {
        var text = program.OpenCl ?? throw new NotSupportedException($"{program}: this kernel is not made for OpenCL; {deviceName} cannot run it");
        var key = ProgramCache.Key("opencl", text, options, identity);
        var built = ProgramCache.Load(key) is { } binary ? FromBinary(binary) : 0;
        if (built == 0)
        {
            built = FromText(program, text, deviceName);
            if (Binary(built) is { } made)
            {
                ProgramCache.Store(key, made);
            }
        }
        else
        {
            FromCache++;
        }

        int status;
        fixed (byte* name = Encoding.UTF8.GetBytes(program.Name + "\0"))
        {
            var kernel = api.CreateKernel(built, name, &status);
            OpenClError.Check(status, $"clCreateKernel {program.Name}");
            return kernel;
        }
    }

    private nint FromText(KernelProgram program, string text, string deviceName)
    {
        int status;
        nint built;
        fixed (byte* source = Encoding.UTF8.GetBytes(text + "\0"))
        {
            var start = source;
            built = api.CreateProgramWithSource(context, 1, &start, null, &status);
            OpenClError.Check(status, "clCreateProgramWithSource");
        }

        status = Compile(built);
        if (status != 0)
        {
            var log = Log(built);
            api.ReleaseProgram(built);
            throw new DriverException(
                BuildFailure.Message(deviceName, $"{program}", options, text, log.Length > 0 ? log : OpenClError.Message(status, "clBuildProgram")));
        }

        return built;
    }

    // A binary that the driver does not want (an update that kept its version) is no error: 0.
    private nint FromBinary(byte[] binary)
    {
        var handle = device;
        var size = (nuint)binary.Length;
        int status;
        int loaded;
        nint built;
        fixed (byte* bytes = binary)
        {
            var start = bytes;
            built = api.CreateProgramWithBinary(context, 1, &handle, &size, &start, &loaded, &status);
        }

        if (status != 0 || built == 0)
        {
            return 0;
        }

        if (loaded == 0 && Compile(built) == 0)
        {
            return built;
        }

        api.ReleaseProgram(built);
        return 0;
    }

    private int Compile(nint built)
    {
        var handle = device;
        fixed (byte* arguments = Encoding.UTF8.GetBytes(options + "\0"))
        {
            return api.BuildProgram(built, 1, &handle, arguments, 0, 0);
        }
    }

    private byte[]? Binary(nint built)
    {
        nuint size;
        if (api.GetProgramInfo(built, BinarySizes, (nuint)sizeof(nuint), &size, null) != 0 || size == 0)
        {
            return null;
        }

        var binary = new byte[size];
        fixed (byte* bytes = binary)
        {
            var start = bytes;
            return api.GetProgramInfo(built, Binaries, (nuint)sizeof(byte*), &start, null) == 0 ? binary : null;
        }
    }

    private string Log(nint built)
    {
        nuint size;
        if (api.GetProgramBuildInfo(built, device, BuildLog, 0, null, &size) != 0 || size == 0)
        {
            return "";
        }

        var bytes = new byte[size];
        fixed (byte* p = bytes)
        {
            return api.GetProgramBuildInfo(built, device, BuildLog, size, p, null) == 0 ? Encoding.UTF8.GetString(bytes).TrimEnd('\0') : "";
        }
    }
}
