using System.Text;
using Crypson.Kernels;

namespace Crypson;

/// <summary>Builds kernels from OpenCL C.</summary>
internal sealed unsafe class OpenClPrograms(OpenClApi api, nint context, nint device, string options, string identity)
    : DevicePrograms("OpenCL", program => program.OpenCl, options, identity)
{
    private const uint BuildLog = 0x1183;
    private const uint BinarySizes = 0x1165;
    private const uint Binaries = 0x1166;
    private const uint KernelWorkGroupSize = 0x11B0;

    protected override (nint Built, byte[]? Binary) FromText(KernelProgram program, string text, string deviceName)
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
                BuildFailure.Message(deviceName, $"{program}", Options, text, log.Length > 0 ? log : OpenClError.Message(status, "clBuildProgram")));
        }

        return (built, Binary(built));
    }

    protected override nint FromBinary(byte[] binary)
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

    protected override nint Kernel(nint built, string name)
    {
        int status;
        fixed (byte* bytes = Encoding.UTF8.GetBytes(name + "\0"))
        {
            var kernel = api.CreateKernel(built, bytes, &status);
            OpenClError.Check(status, $"clCreateKernel {name}");
            return kernel;
        }
    }

    protected override int LargestGroup(nint kernel)
    {
        nuint value;
        var status = api.GetKernelWorkGroupInfo(kernel, device, KernelWorkGroupSize, (nuint)sizeof(nuint), &value, null);
        OpenClError.Check(status, "clGetKernelWorkGroupInfo");
        return (int)Math.Min(value, 1 << 20);
    }

    private int Compile(nint built)
    {
        var handle = device;
        fixed (byte* arguments = Encoding.UTF8.GetBytes(Options + "\0"))
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
