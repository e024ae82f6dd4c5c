namespace Crypson;

/// <summary>The functions of the CUDA driver that the engine calls.</summary>
internal sealed unsafe class CudaApi(NativeFunctions functions)
{
    public static readonly string[] Names =
    [
        "cuInit", "cuDriverGetVersion", "cuDeviceGetCount", "cuDeviceGet", "cuDeviceGetName", "cuDeviceTotalMem_v2", "cuDeviceGetAttribute",
        "cuDevicePrimaryCtxRetain", "cuCtxSetCurrent", "cuStreamCreate", "cuStreamSynchronize", "cuMemAlloc_v2", "cuMemFree_v2", "cuMemHostAlloc",
        "cuMemFreeHost", "cuMemcpyHtoDAsync_v2", "cuMemcpyDtoHAsync_v2", "cuEventCreate", "cuEventRecord", "cuEventQuery", "cuEventSynchronize",
        "cuEventDestroy_v2", "cuModuleLoadData", "cuModuleGetFunction", "cuFuncGetAttribute", "cuLaunchKernel", "cuGetErrorName", "cuGetErrorString",
    ];

    public readonly delegate* unmanaged<uint, int> Init = (delegate* unmanaged<uint, int>)functions.Find("cuInit");

    public readonly delegate* unmanaged<int*, int> DriverGetVersion = (delegate* unmanaged<int*, int>)functions.Find("cuDriverGetVersion");

    public readonly delegate* unmanaged<int*, int> DeviceGetCount = (delegate* unmanaged<int*, int>)functions.Find("cuDeviceGetCount");

    public readonly delegate* unmanaged<int*, int, int> DeviceGet = (delegate* unmanaged<int*, int, int>)functions.Find("cuDeviceGet");

    public readonly delegate* unmanaged<byte*, int, int, int> DeviceGetName =
        (delegate* unmanaged<byte*, int, int, int>)functions.Find("cuDeviceGetName");

    public readonly delegate* unmanaged<nuint*, int, int> DeviceTotalMem = (delegate* unmanaged<nuint*, int, int>)functions.Find("cuDeviceTotalMem_v2");

    public readonly delegate* unmanaged<int*, int, int, int> DeviceGetAttribute =
        (delegate* unmanaged<int*, int, int, int>)functions.Find("cuDeviceGetAttribute");

    public readonly delegate* unmanaged<nint*, int, int> DevicePrimaryCtxRetain =
        (delegate* unmanaged<nint*, int, int>)functions.Find("cuDevicePrimaryCtxRetain");

    public readonly delegate* unmanaged<nint, int> CtxSetCurrent = (delegate* unmanaged<nint, int>)functions.Find("cuCtxSetCurrent");

    public readonly delegate* unmanaged<nint*, uint, int> StreamCreate = (delegate* unmanaged<nint*, uint, int>)functions.Find("cuStreamCreate");

    public readonly delegate* unmanaged<nint, int> StreamSynchronize = (delegate* unmanaged<nint, int>)functions.Find("cuStreamSynchronize");

    public readonly delegate* unmanaged<nint*, nuint, int> MemAlloc = (delegate* unmanaged<nint*, nuint, int>)functions.Find("cuMemAlloc_v2");

    public readonly delegate* unmanaged<nint, int> MemFree = (delegate* unmanaged<nint, int>)functions.Find("cuMemFree_v2");

    public readonly delegate* unmanaged<nint*, nuint, uint, int> MemHostAlloc =
        (delegate* unmanaged<nint*, nuint, uint, int>)functions.Find("cuMemHostAlloc");

    public readonly delegate* unmanaged<nint, int> MemFreeHost = (delegate* unmanaged<nint, int>)functions.Find("cuMemFreeHost");

    public readonly delegate* unmanaged<nint, void*, nuint, nint, int> MemcpyHtoDAsync =
        (delegate* unmanaged<nint, void*, nuint, nint, int>)functions.Find("cuMemcpyHtoDAsync_v2");

    public readonly delegate* unmanaged<void*, nint, nuint, nint, int> MemcpyDtoHAsync =
        (delegate* unmanaged<void*, nint, nuint, nint, int>)functions.Find("cuMemcpyDtoHAsync_v2");

    public readonly delegate* unmanaged<nint*, uint, int> EventCreate = (delegate* unmanaged<nint*, uint, int>)functions.Find("cuEventCreate");

    public readonly delegate* unmanaged<nint, nint, int> EventRecord = (delegate* unmanaged<nint, nint, int>)functions.Find("cuEventRecord");

    public readonly delegate* unmanaged<nint, int> EventQuery = (delegate* unmanaged<nint, int>)functions.Find("cuEventQuery");

    public readonly delegate* unmanaged<nint, int> EventSynchronize = (delegate* unmanaged<nint, int>)functions.Find("cuEventSynchronize");

    public readonly delegate* unmanaged<nint, int> EventDestroy = (delegate* unmanaged<nint, int>)functions.Find("cuEventDestroy_v2");

    public readonly delegate* unmanaged<nint*, void*, int> ModuleLoadData = (delegate* unmanaged<nint*, void*, int>)functions.Find("cuModuleLoadData");

    public readonly delegate* unmanaged<nint*, nint, byte*, int> ModuleGetFunction =
        (delegate* unmanaged<nint*, nint, byte*, int>)functions.Find("cuModuleGetFunction");

    public readonly delegate* unmanaged<int*, int, nint, int> FuncGetAttribute =
        (delegate* unmanaged<int*, int, nint, int>)functions.Find("cuFuncGetAttribute");

    public readonly delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int> LaunchKernel =
        (delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int>)functions.Find("cuLaunchKernel");

    public readonly delegate* unmanaged<int, byte**, int> GetErrorName = (delegate* unmanaged<int, byte**, int>)functions.Find("cuGetErrorName");

    public readonly delegate* unmanaged<int, byte**, int> GetErrorString = (delegate* unmanaged<int, byte**, int>)functions.Find("cuGetErrorString");
}
