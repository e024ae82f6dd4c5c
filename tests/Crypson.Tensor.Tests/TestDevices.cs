using Crypson.Tests.Ops;

namespace Crypson.Tests;

/// <summary>
/// The devices that tests run on, by the name that a test shows. An OpenCL device that is a CPU stands here twice: once more
/// with the kernels that a GPU gets, so that those are tested without one.
/// </summary>
public static class TestDevices
{
    private const string GpuKernels = " with gpu kernels";

    private static readonly Lazy<(string Name, Device? Device, string Reason)[]> Found = new(() => [.. DeviceList.Reports.SelectMany(Forms)]);

    /// <summary>A row per device; where a driver has none, one row that is skipped with the reason.</summary>
    public static IEnumerable<TheoryDataRow<string>> All() => Rows(withCpu: true);

    /// <summary>The same without the CPU.</summary>
    public static IEnumerable<TheoryDataRow<string>> Others() => Rows(withCpu: false);

    /// <summary>A row per operation and device.</summary>
    public static IEnumerable<TheoryDataRow<string, string>> With(Func<OpCase, bool> which, bool withCpu = true) =>
        Found.Value.Where(form => withCpu || form.Name != "cpu").SelectMany(form => form.Device is null
            ? [new TheoryDataRow<string, string>("all", form.Name) { Skip = form.Reason }]
            : OpCases.All.Where(which).Select(row => new TheoryDataRow<string, string>(row.Name, form.Name)));

    public static Device Get(string name) => Found.Value.Single(form => form.Name == name).Device!;

    /// <summary>
    /// How much further off than the CPU a device may be: functions of OpenCL by 4 units in the last place (exp, tanh by way of
    /// it), powers by 16.
    /// </summary>
    public static double Slack(Device device) => device is CpuDevice ? 1 : 2;

    private static IEnumerable<TheoryDataRow<string>> Rows(bool withCpu) => Found.Value.Where(form => withCpu || form.Name != "cpu")
        .Select(form => new TheoryDataRow<string>(form.Name) { Skip = form.Device is null ? form.Reason : null });

    private static IEnumerable<(string Name, Device? Device, string Reason)> Forms(DeviceReport report)
    {
        yield return (report.Name, report.Device, $"{report.Name} is not available: {report.Reason}");
        if (report.Device is OpenClDevice { IsGpu: false } device)
        {
            yield return (report.Name + GpuKernels, device.AsGpu(), "");
        }
    }
}
