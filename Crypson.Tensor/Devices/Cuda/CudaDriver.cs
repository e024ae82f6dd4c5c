namespace Crypson;

/// <summary>Finds CUDA and its devices.</summary>
internal static unsafe class CudaDriver
{
    private static readonly string[] Libraries = ["libcuda.so.1", "libcuda.so", "nvcuda.dll"];

    /// <summary>Each device, or one report that says why there is none. Never throws.</summary>
    public static IEnumerable<DeviceReport> Find() => Find(Libraries, NvrtcApi.Candidates());

    internal static IEnumerable<DeviceReport> Find(string[] libraries, IEnumerable<string> compilers)
    {
        try
        {
            return Search(libraries, compilers);
        }
        catch (Exception e) when (e is DriverException or OutOfMemoryException or InvalidOperationException)
        {
            return [Absent(e.Message)];
        }
    }

    private static List<DeviceReport> Search(string[] libraries, IEnumerable<string> compilers)
    {
        if (NativeFunctions.Load(libraries) is not { } library)
        {
            return [Absent($"no CUDA driver ({string.Join(", ", libraries)}); for an NVIDIA GPU install NVIDIA's driver")];
        }

        if (library.FirstMissing(CudaApi.Names) is { } missing)
        {
            return [Absent($"{library.Path} has no function {missing}; update the driver")];
        }

        var api = new CudaApi(library);
        int count;
        try
        {
            CudaError.Check(api, api.Init(0), "cuInit");
        }
        catch (DriverException e)
        {
            return [Absent($"the driver found no GPU ({e.Message}); see whether nvidia-smi lists one")];
        }

        CudaError.Check(api, api.DeviceGetCount(&count), "cuDeviceGetCount");
        if (count == 0)
        {
            return [Absent("the driver found no GPU; see whether nvidia-smi lists one")];
        }

        if (NativeFunctions.Load(compilers) is not { } compiler)
        {
            return [Absent("there is a driver but no NVRTC, CUDA's compiler; set CRYPSON_NVRTC to the libnvrtc of a toolkit or of PyTorch, or use OpenCL")];
        }

        // Which of them a device gets depends on its architecture.
        var usable = NativeFunctions.LoadEach(compilers).Where(found => found.FirstMissing(NvrtcApi.Names) is null).Select(found => new NvrtcApi(found));
        return usable.Any()
            ? [.. Enumerable.Range(0, count).Select(index => new DeviceReport($"cuda:{index}", () => new CudaDevice(api, usable, index)))]
            : [Absent($"{compiler.Path} has no function {compiler.FirstMissing(NvrtcApi.Names)}; use CUDA 11.1 or newer")];
    }

    private static DeviceReport Absent(string reason) => new("cuda", reason);
}
