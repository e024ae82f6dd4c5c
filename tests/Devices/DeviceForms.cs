namespace Crypson.Tests;

/// <summary>
/// The devices, and once more each OpenCL device that is a CPU: with the kernels that a GPU gets, so that those are tested
/// without one.
/// </summary>
internal static class DeviceForms
{
    private static readonly Dictionary<string, OpenClDevice> WithGpuKernels = DeviceList.All.OfType<OpenClDevice>()
        .Where(device => !device.IsGpu).ToDictionary(device => $"{device.Name} with gpu kernels", device => device.AsGpu());

    /// <summary>A row per device and form; where a driver has none, one row that is skipped with the reason.</summary>
    public static IEnumerable<TheoryDataRow<string>> All => [.. TestDevices.All, .. WithGpuKernels.Keys.Select(name => new TheoryDataRow<string>(name))];

    /// <summary>The same without the CPU.</summary>
    public static IEnumerable<TheoryDataRow<string>> Others => All.Where(row => row.Data != "cpu");

    public static Device Get(string name) => WithGpuKernels.TryGetValue(name, out var device) ? device : DeviceList.Get(name);
}
