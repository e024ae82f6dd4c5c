using System.Text;

namespace Crypson;

/// <summary>Finds OpenCL and its devices.</summary>
internal static unsafe class OpenClDriver
{
    private const ulong AllDevices = 0xFFFFFFFF;

    private static readonly string[] Libraries =
    [
        "libOpenCL.so.1", "libOpenCL.so", "OpenCL.dll", "/System/Library/Frameworks/OpenCL.framework/OpenCL",
    ];

    /// <summary>Each device, or one report that says why there is none. Never throws.</summary>
    public static IEnumerable<DeviceReport> Find() => Find(Libraries);

    internal static IEnumerable<DeviceReport> Find(string[] libraries)
    {
        try
        {
            return Search(libraries);
        }
        catch (Exception e) when (e is DriverException or OutOfMemoryException or InvalidOperationException)
        {
            return [Absent(e.Message)];
        }
    }

    internal static string Text(delegate* unmanaged<nint, uint, nuint, void*, nuint*, int> query, nint handle, uint name)
    {
        nuint size;
        if (query(handle, name, 0, null, &size) != 0 || size == 0)
        {
            return "";
        }

        var bytes = new byte[size];
        fixed (byte* p = bytes)
        {
            return query(handle, name, size, p, null) == 0 ? Encoding.UTF8.GetString(bytes).TrimEnd('\0').Trim() : "";
        }
    }

    private static List<DeviceReport> Search(string[] libraries)
    {
        if (NativeFunctions.Load(libraries) is not { } library)
        {
            return [Absent($"no OpenCL library ({string.Join(", ", libraries)}); install a driver, or PoCL for the CPU")];
        }

        if (library.FirstMissing(OpenClApi.Names) is { } missing)
        {
            return [Absent($"{library.Path} has no function {missing}")];
        }

        var api = new OpenClApi(library);
        uint count;
        var status = api.GetPlatformIDs(0, null, &count);
        if (status == OpenClError.PlatformNotFound || (status == 0 && count == 0))
        {
            return [Absent($"{library.Path} found no platform; install a driver, or PoCL for the CPU")];
        }

        OpenClError.Check(status, "clGetPlatformIDs");
        var platforms = new nint[count];
        fixed (nint* p = platforms)
        {
            OpenClError.Check(api.GetPlatformIDs(count, p, null), "clGetPlatformIDs");
        }

        var reports = new List<DeviceReport>();
        foreach (var platform in platforms)
        {
            foreach (var handle in Devices(api, platform))
            {
                var index = reports.Count;
                reports.Add(new DeviceReport($"opencl:{index}", () => new OpenClDevice(api, platform, handle, index)));
            }
        }

        return reports.Count > 0 ? reports : [Absent("the platforms have no device; install the driver of the GPU, or PoCL for the CPU")];
    }

    private static nint[] Devices(OpenClApi api, nint platform)
    {
        uint count;
        if (api.GetDeviceIDs(platform, AllDevices, 0, null, &count) != 0)
        {
            return [];
        }

        var devices = new nint[count];
        fixed (nint* p = devices)
        {
            OpenClError.Check(api.GetDeviceIDs(platform, AllDevices, count, p, null), "clGetDeviceIDs");
        }

        return devices;
    }

    private static DeviceReport Absent(string reason) => new("opencl", reason);
}
