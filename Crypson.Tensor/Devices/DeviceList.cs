using System.Collections.Immutable;
using System.Globalization;

namespace Crypson;

/// <summary>The devices of this machine. Drivers are looked for when first asked for; an absent one is not an error.</summary>
public static class DeviceList
{
    private static readonly Lazy<DeviceReport[]> Found = new(() => [new("cpu", Device.Cpu, ""), .. OpenClDriver.Find(), .. CudaDriver.Find()]);

    private static ImmutableSortedDictionary<string, Lazy<DeviceReport[]>> added = ImmutableSortedDictionary<string, Lazy<DeviceReport[]>>.Empty;

    /// <summary>Each device, and each driver that offers none with the reason.</summary>
    public static IReadOnlyList<DeviceReport> Reports => added.IsEmpty ? Found.Value : [.. Found.Value, .. added.Values.SelectMany(reports => reports.Value)];

    /// <summary>Each device.</summary>
    public static IEnumerable<Device> All => Reports.Where(report => report.Device is not null).Select(report => report.Device!);

    /// <summary>Adds another library's devices; its name must not be one of the engine's. Adding it again changes nothing.</summary>
    internal static void Add(string driver, Func<IEnumerable<DeviceReport>> find) =>
        ImmutableInterlocked.Update(ref added, drivers => drivers.ContainsKey(driver) ? drivers : drivers.Add(driver, new(() => [.. find()])));

    /// <summary>The device called <c>cpu</c>, <c>opencl</c>, <c>opencl:1</c>, <c>cuda</c> or <c>cuda:1</c>.</summary>
    /// <exception cref="ArgumentException">There is none; the message says why.</exception>
    public static Device Get(string name)
    {
        var separator = name.IndexOf(':');
        var driver = separator < 0 ? name : name[..separator];
        var index = 0;
        if ((driver is not ("cpu" or "opencl" or "cuda") && !added.ContainsKey(driver))
            || (separator >= 0 && !int.TryParse(name.AsSpan(separator + 1), NumberStyles.None, CultureInfo.InvariantCulture, out index)))
        {
            throw new ArgumentException($"device: '{name}' is not a device; use {string.Join(", ", added.Keys.Select(key => $"{key}[:i]").Prepend("cpu, opencl[:i]"))} or cuda[:i]");
        }

        if (name == "cpu")
        {
            return Device.Cpu;
        }

        var reports = Reports.Where(report => report.Name == driver || report.Name.StartsWith(driver + ":", StringComparison.Ordinal)).ToArray();
        var report = reports.FirstOrDefault(report => report.Name == $"{driver}:{index}" || (report.Device is null && report.Name == driver));
        return report.Device
            ?? throw new ArgumentException($"device: {name} is not available: {report.Reason ?? $"there are {reports.Length} {driver} devices"}");
    }
}
