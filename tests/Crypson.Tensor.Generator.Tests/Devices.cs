namespace Crypson.Tests;

/// <summary>The devices that kernels run on in these tests besides plain C#, by name.</summary>
internal static class Devices
{
    /// <summary>A row per device; where a driver has none, one row that is skipped with the reason.</summary>
    public static IEnumerable<TheoryDataRow<string>> All => Rows(withCpu: true);

    /// <summary>The same without plain C#.</summary>
    public static IEnumerable<TheoryDataRow<string>> Others => Rows(withCpu: false);

    /// <summary>The device; skips the test if it has no double-precision numbers.</summary>
    public static Device WithDouble(string name)
    {
        var device = DeviceList.Get(name);
        Assert.SkipWhen(device is OpenClDevice { HasDouble: false }, $"{name} has no double-precision numbers");
        return device;
    }

    private static IEnumerable<TheoryDataRow<string>> Rows(bool withCpu) => DeviceList.Reports
        .Where(report => withCpu || report.Name != "cpu")
        .Select(report => new TheoryDataRow<string>(report.Name) { Skip = report.Device is null ? $"{report.Name} is not available: {report.Reason}" : null });
}
