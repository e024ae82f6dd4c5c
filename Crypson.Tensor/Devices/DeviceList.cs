using System.Collections.Immutable;
using System.Globalization;

namespace Crypson;

/// <summary>
/// The devices of this machine. A driver is looked for when first asked for, and a device opened; an absent one is not an error.
/// </summary>
public static class DeviceList
{
    private static ImmutableList<(string Name, Lazy<DeviceReport[]> Reports)> drivers =
    [
        ("cpu", new(() => [new("cpu", () => Device.Cpu)])),
        ("opencl", new(() => [.. OpenClDriver.Find()])),
        ("cuda", new(() => [.. CudaDriver.Find()])),
    ];

    /// <summary>Each device, not opened yet, and each driver that offers none with the reason.</summary>
    public static IReadOnlyList<DeviceReport> Reports => [.. drivers.SelectMany(driver => driver.Reports.Value)];

    /// <summary>Each device; opens them.</summary>
    public static IEnumerable<Device> All => Reports.Where(report => report.Device is not null).Select(report => report.Device!);

    /// <summary>Adds another library's devices. Adding a name again changes nothing.</summary>
    internal static void Add(string name, Func<IEnumerable<DeviceReport>> find) =>
        ImmutableInterlocked.Update(ref drivers, known => known.Any(driver => driver.Name == name) ? known : known.Add((name, new(() => [.. find()]))));

    /// <summary>The device called <c>cpu</c>, <c>opencl</c>, <c>opencl:1</c>, <c>cuda</c> or <c>cuda:1</c>. No other is opened.</summary>
    /// <exception cref="ArgumentException">There is none; the message says why.</exception>
    public static Device Get(string name) => Get(name, drivers);

    internal static Device Get(string name, IReadOnlyList<(string Name, Lazy<DeviceReport[]> Reports)> drivers)
    {
        ArgumentNullException.ThrowIfNull(name);
        var separator = name.IndexOf(':');
        var prefix = separator < 0 ? name : name[..separator];
        var index = 0;
        if (drivers.FirstOrDefault(driver => driver.Name == prefix).Reports is not { } found
            || (separator >= 0 && !int.TryParse(name.AsSpan(separator + 1), NumberStyles.None, CultureInfo.InvariantCulture, out index)))
        {
            string[] names = ["cpu", .. drivers.Skip(1).Select(driver => $"{driver.Name}[:i]")];
            throw new ArgumentException($"device: '{name}' is not a device; use {string.Join(", ", names[..^1])} or {names[^1]}");
        }

        var reports = found.Value;
        var report = Array.Find(reports, report => report.Name == name || report.Name == $"{prefix}:{index}")
            ?? Array.Find(reports, report => report.Name == prefix && report.Device is null);
        return report?.Device
            ?? throw new ArgumentException($"device: {name} is not available: {report?.Reason ?? $"there is no other than {string.Join(", ", reports.Select(other => other.Name))}"}");
    }
}
