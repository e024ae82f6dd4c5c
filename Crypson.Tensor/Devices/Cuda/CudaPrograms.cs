using System.Text;
using Crypson.Kernels;

namespace Crypson;

/// <summary>Builds kernels from CUDA C with NVRTC.</summary>
internal sealed unsafe class CudaPrograms(CudaApi api, NvrtcApi nvrtc, NvrtcTarget target, string identity)
    : DevicePrograms("CUDA", program => program.Cuda, $"--gpu-architecture={target.Name} {Exact}", identity)
{
    // C#'s meaning: each operator is rounded, small numbers stay, division and square root are exact.
    private const string Exact = "--std=c++17 --fmad=false --ftz=false --prec-div=true --prec-sqrt=true";
    private const int MaxThreadsPerBlock = 0;

    protected override (nint Built, byte[]? Binary) FromText(KernelProgram program, string text, string deviceName)
    {
        var binary = Compile(program, text, deviceName);
        nint module;
        fixed (byte* image = binary)
        {
            CudaError.Check(api, api.ModuleLoadData(&module, image), $"cuModuleLoadData {program.Name}");
        }

        return (module, binary);
    }

    protected override nint FromBinary(byte[] binary)
    {
        nint module;
        fixed (byte* image = binary)
        {
            return api.ModuleLoadData(&module, image) == 0 ? module : 0;
        }
    }

    protected override nint Kernel(nint built, string name)
    {
        nint kernel;
        fixed (byte* bytes = Encoding.UTF8.GetBytes(name + "\0"))
        {
            CudaError.Check(api, api.ModuleGetFunction(&kernel, built, bytes), $"cuModuleGetFunction {name}");
        }

        return kernel;
    }

    protected override int LargestGroup(nint kernel)
    {
        int value;
        CudaError.Check(api, api.FuncGetAttribute(&value, MaxThreadsPerBlock, kernel), "cuFuncGetAttribute");
        return value;
    }

    private byte[] Compile(KernelProgram program, string text, string deviceName)
    {
        nint built;
        fixed (byte* source = Encoding.UTF8.GetBytes(text + "\0"), name = Encoding.UTF8.GetBytes(program.Name + ".cu\0"))
        {
            Check(nvrtc.CreateProgram(&built, source, name, 0, null, null), "nvrtcCreateProgram");
        }

        try
        {
            var status = CompileWithOptions(built);
            if (status != 0)
            {
                var log = Log(built);
                throw new DriverException(
                    BuildFailure.Message(deviceName, $"{program}", Options, text, log.Length > 0 ? log : nvrtc.ErrorString(status)));
            }

            nuint size;
            Check(target.IsPtx ? nvrtc.GetPtxSize(built, &size) : nvrtc.GetCubinSize(built, &size), target.IsPtx ? "nvrtcGetPTXSize" : "nvrtcGetCUBINSize");
            var binary = new byte[size];
            fixed (byte* bytes = binary)
            {
                Check(target.IsPtx ? nvrtc.GetPtx(built, bytes) : nvrtc.GetCubin(built, bytes), target.IsPtx ? "nvrtcGetPTX" : "nvrtcGetCUBIN");
            }

            return binary;
        }
        finally
        {
            nvrtc.DestroyProgram(&built);
        }
    }

    private int CompileWithOptions(nint built)
    {
        var options = Options.Split(' ');
        var pointers = stackalloc byte*[options.Length];
        fixed (byte* start = Encoding.UTF8.GetBytes(string.Join('\0', options) + "\0"))
        {
            var next = start;
            for (var i = 0; i < options.Length; i++)
            {
                pointers[i] = next;
                next += options[i].Length + 1;
            }

            return nvrtc.CompileProgram(built, options.Length, pointers);
        }
    }

    private string Log(nint built)
    {
        nuint size;
        if (nvrtc.GetProgramLogSize(built, &size) != 0 || size == 0)
        {
            return "";
        }

        var bytes = new byte[size];
        fixed (byte* p = bytes)
        {
            return nvrtc.GetProgramLog(built, p) == 0 ? Encoding.UTF8.GetString(bytes).TrimEnd('\0') : "";
        }
    }

    private void Check(int status, string call)
    {
        if (status != 0)
        {
            throw new DriverException($"cuda: {nvrtc.ErrorString(status)} ({status}), at {call}");
        }
    }
}
