namespace Crypson;

/// <summary>Finds CUDA and its devices.</summary>
internal static class CudaDriver
{
    public static IEnumerable<DeviceReport> Find() => [new("cuda", null, "not written yet")];
}
