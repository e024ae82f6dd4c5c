using System.Runtime.InteropServices;

namespace Crypson;

/// <summary>The functions of NVRTC, CUDA's compiler at run time, that the engine calls.</summary>
internal sealed unsafe class NvrtcApi(NativeFunctions functions)
{
    public static readonly string[] Names =
    [
        "nvrtcVersion", "nvrtcCreateProgram", "nvrtcDestroyProgram", "nvrtcCompileProgram", "nvrtcGetCUBINSize", "nvrtcGetCUBIN",
        "nvrtcGetPTXSize", "nvrtcGetPTX", "nvrtcGetProgramLogSize", "nvrtcGetProgramLog", "nvrtcGetErrorString",
    ];

    private static readonly string[] FileNames =
        ["libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so.11.2", "libnvrtc.so", "nvrtc64_130_0.dll", "nvrtc64_120_0.dll", "nvrtc64_112_0.dll"];

    public readonly delegate* unmanaged<int*, int*, int> Version = (delegate* unmanaged<int*, int*, int>)functions.Find("nvrtcVersion");

    public readonly delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int> CreateProgram =
        (delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int>)functions.Find("nvrtcCreateProgram");

    public readonly delegate* unmanaged<nint*, int> DestroyProgram = (delegate* unmanaged<nint*, int>)functions.Find("nvrtcDestroyProgram");

    public readonly delegate* unmanaged<nint, int, byte**, int> CompileProgram =
        (delegate* unmanaged<nint, int, byte**, int>)functions.Find("nvrtcCompileProgram");

    public readonly delegate* unmanaged<nint, nuint*, int> GetCubinSize = (delegate* unmanaged<nint, nuint*, int>)functions.Find("nvrtcGetCUBINSize");

    public readonly delegate* unmanaged<nint, byte*, int> GetCubin = (delegate* unmanaged<nint, byte*, int>)functions.Find("nvrtcGetCUBIN");

    public readonly delegate* unmanaged<nint, nuint*, int> GetPtxSize = (delegate* unmanaged<nint, nuint*, int>)functions.Find("nvrtcGetPTXSize");

    public readonly delegate* unmanaged<nint, byte*, int> GetPtx = (delegate* unmanaged<nint, byte*, int>)functions.Find("nvrtcGetPTX");

    public readonly delegate* unmanaged<nint, nuint*, int> GetProgramLogSize =
        (delegate* unmanaged<nint, nuint*, int>)functions.Find("nvrtcGetProgramLogSize");

    public readonly delegate* unmanaged<nint, byte*, int> GetProgramLog = (delegate* unmanaged<nint, byte*, int>)functions.Find("nvrtcGetProgramLog");

    public readonly delegate* unmanaged<int, byte*> GetErrorString = (delegate* unmanaged<int, byte*>)functions.Find("nvrtcGetErrorString");

    /// <summary>The library's path, for messages and the cache's key.</summary>
    public string Path => functions.Path;

    public string ErrorString(int status) => Marshal.PtrToStringUTF8((nint)GetErrorString(status)) ?? "error";

    /// <summary>The architectures that it compiles for, such as 86 for 8.6; none when it does not tell, before CUDA 11.2.</summary>
    public int[] Architectures()
    {
        const string CountName = "nvrtcGetNumSupportedArchs", ListName = "nvrtcGetSupportedArchs";
        int count;
        if (functions.FirstMissing(CountName, ListName) is not null
            || ((delegate* unmanaged<int*, int>)functions.Find(CountName))(&count) != 0)
        {
            return [];
        }

        var architectures = new int[count];
        fixed (int* p = architectures)
        {
            return ((delegate* unmanaged<int*, int>)functions.Find(ListName))(p) == 0 ? architectures : [];
        }
    }

    /// <summary>Where NVRTC may be: CRYPSON_NVRTC alone when set; else the loader's path, toolkits, and beside PyTorch.</summary>
    public static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("CRYPSON_NVRTC") is { Length: > 0 } given)
        {
            return Directory.Exists(given) ? InFolder(given) : [given];
        }

        return FileNames.Concat(Folders().SelectMany(InFolder));
    }

    private static IEnumerable<string> InFolder(string folder) =>
        FileNames.Select(file => System.IO.Path.Combine(folder, file)).Where(File.Exists);

    private static IEnumerable<string> Folders()
    {
        var toolkits = new[] { "CUDA_PATH", "CUDA_HOME" }.Select(Environment.GetEnvironmentVariable).OfType<string>()
            .Append("/usr/local/cuda").Concat(Below("/usr/local", "cuda-*")).Append("/opt/cuda");
        foreach (var toolkit in toolkits)
        {
            yield return System.IO.Path.Combine(toolkit, "lib64");
            yield return System.IO.Path.Combine(toolkit, "targets", "x86_64-linux", "lib");
            yield return System.IO.Path.Combine(toolkit, "bin");
        }

        var roots = new[] { "VIRTUAL_ENV", "CONDA_PREFIX" }.Select(Environment.GetEnvironmentVariable).OfType<string>()
            .Concat(["/usr/local", "/usr", "/opt/conda", "/opt/venv", System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local")]);
        foreach (var packages in roots.SelectMany(root => Below(System.IO.Path.Combine(root, "lib"), "python3*"))
            .SelectMany(python => new[] { "site-packages", "dist-packages" }.Select(kind => System.IO.Path.Combine(python, kind))))
        {
            yield return System.IO.Path.Combine(packages, "nvidia", "cu13", "lib");
            yield return System.IO.Path.Combine(packages, "nvidia", "cuda_nvrtc", "lib");
            yield return System.IO.Path.Combine(packages, "torch", "lib");
        }
    }

    private static IEnumerable<string> Below(string folder, string pattern)
    {
        try
        {
            return Directory.Exists(folder) ? Directory.GetDirectories(folder, pattern).OrderDescending(StringComparer.Ordinal) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
