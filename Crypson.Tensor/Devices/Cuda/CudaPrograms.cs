using System.Runtime.InteropServices;
using System.Text;
using Crypson.Kernels;

namespace Crypson;

/// <summary>Builds kernels for one device, once each, from the cache on disk or from their text.</summary>
internal sealed unsafe class CudaPrograms(CudaApi api, NvrtcApi nvrtc, NvrtcTarget target, string identity)
{
    private const int MaxThreadsPerBlock = 0;

    // C#'s meaning: each operator is rounded, small numbers stay, division and square root are exact.
    private readonly string[] options =
        [$"--gpu-architecture={target.Name}", "--std=c++17", "--fmad=false", "--ftz=false", "--prec-div=true", "--prec-sqrt=true"];

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
            int value;
            CudaError.Check(api, api.FuncGetAttribute(&value, MaxThreadsPerBlock, kernel), "cuFuncGetAttribute");
            largestGroups[kernel] = largest = value;
        }

        return largest;
    }

    private nint Build(KernelProgram program, string deviceName)
    {
        var text = program.Cuda ?? throw new NotSupportedException($"{program}: this kernel is not made for CUDA; {deviceName} cannot run it");
        var key = ProgramCache.Key("cuda", text, string.Join(' ', options), identity);
        nint module = 0;
        if (ProgramCache.Load(key) is { } cached)
        {
            fixed (byte* image = cached)
            {
                // A binary that the driver does not want is as good as none.
                if (api.ModuleLoadData(&module, image) != 0)
                {
                    module = 0;
                }
                else
                {
                    FromCache++;
                }
            }
        }

        if (module == 0)
        {
            var binary = Compile(program, text, deviceName);
            fixed (byte* image = binary)
            {
                CudaError.Check(api, api.ModuleLoadData(&module, image), $"cuModuleLoadData {program.Name}");
            }

            ProgramCache.Store(key, binary);
        }

        nint kernel;
        fixed (byte* name = Encoding.UTF8.GetBytes(program.Name + "\0"))
        {
            CudaError.Check(api, api.ModuleGetFunction(&kernel, module, name), $"cuModuleGetFunction {program.Name}");
        }

        return kernel;
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
                throw new DriverException(BuildFailure.Message(
                    deviceName, $"{program}", string.Join(' ', options), text, log.Length > 0 ? log : nvrtc.ErrorString(status)));
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
        var pointers = stackalloc byte*[options.Length];
        try
        {
            for (var i = 0; i < options.Length; i++)
            {
                pointers[i] = (byte*)Marshal.StringToCoTaskMemUTF8(options[i]);
            }

            return nvrtc.CompileProgram(built, options.Length, pointers);
        }
        finally
        {
            for (var i = 0; i < options.Length; i++)
            {
                Marshal.FreeCoTaskMem((nint)pointers[i]);
            }
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
