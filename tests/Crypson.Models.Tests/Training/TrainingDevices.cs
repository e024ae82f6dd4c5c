namespace Crypson.Models.Tests.Training;

/// <summary>
/// The devices that training tests run on, by the name that a test shows. An OpenCL device that is a CPU stands here twice:
/// once more with the kernels that a GPU gets.
/// </summary>
internal static class TrainingDevices
{
    public const string GpuKernels = " with gpu kernels";

    private static readonly Lazy<(string Name, Device? Device, string Reason)[]> Found = new(() => [.. DeviceList.Reports.SelectMany(Forms)]);

    /// <summary>A row per device; where a driver has none, one row that is skipped with the reason.</summary>
    public static IEnumerable<TheoryDataRow<string>> All() => Found.Value.Select(form => new TheoryDataRow<string>(form.Name) { Skip = form.Device is null ? form.Reason : null });

    /// <summary>The same without the CPU.</summary>
    public static IEnumerable<TheoryDataRow<string>> Others() => All().Where(row => row.Data != "cpu");

    /// <summary>A row per model and device.</summary>
    public static IEnumerable<TheoryDataRow<string, string>> Tasks(IEnumerable<TheoryDataRow<string>> devices) => devices.SelectMany(device =>
        SmallTasks.Names.Select(task => new TheoryDataRow<string, string>(task, device.Data) { Skip = device.Skip }));

    public static Device Get(string name) => Found.Value.Single(form => form.Name == name).Device!;

    private static IEnumerable<(string Name, Device? Device, string Reason)> Forms(DeviceReport report)
    {
        yield return (report.Name, report.Device, $"{report.Name} is not available: {report.Reason}");
        if (report.Device is OpenClDevice { IsGpu: false } device)
        {
            yield return (report.Name + GpuKernels, device.AsGpu(), "");
        }
    }
}
