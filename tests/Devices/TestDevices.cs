namespace Crypson.Tests;

/// <summary>The devices of this machine, by the name that a test shows.</summary>
internal static class TestDevices
{
    /// <summary>A row per device; where a driver has none, one row that is skipped with the reason.</summary>
    public static IEnumerable<TheoryDataRow<string>> All => DeviceList.Reports.Select(report => new TheoryDataRow<string>(report.Name) { Skip = Absence(report) });

    /// <summary>The same without the CPU.</summary>
    public static IEnumerable<TheoryDataRow<string>> Others => All.Where(row => row.Data != "cpu");

    /// <summary>A row per name and device.</summary>
    public static IEnumerable<TheoryDataRow<string, string>> With(IEnumerable<string> names, IEnumerable<TheoryDataRow<string>> devices) =>
        devices.SelectMany(device => names.Select(name => new TheoryDataRow<string, string>(name, device.Data) { Skip = device.Skip }));

    /// <summary>The device; skips the test if it has no double-precision numbers.</summary>
    public static Device WithDouble(string name)
    {
        var device = DeviceList.Get(name);
        Assert.SkipWhen(device is OpenClDevice { HasDouble: false }, $"{name} has no double-precision numbers");
        return device;
    }

    /// <summary>Why a driver has no device, or null.</summary>
    public static string? Absence(DeviceReport report) => report.Device is null ? $"{report.Name} is not available: {report.Reason}" : null;
}
