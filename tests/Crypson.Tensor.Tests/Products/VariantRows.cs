namespace Crypson.Tests.Products;

/// <summary>Rows of tests: each variant of a product on each device that can run it; devices that are absent have one skipped row.</summary>
internal static class VariantRows
{
    /// <param name="cases">Cases for devices with compiled kernels.</param>
    /// <param name="small">Cases for kernels as plain C#, where each work-item of a group is a thread.</param>
    public static IEnumerable<TheoryDataRow<string, string, string>> Of(IEnumerable<string> cases, IEnumerable<string> small) =>
        DeviceList.Reports.SelectMany(report => report.Device is null
            ? [new TheoryDataRow<string, string, string>(report.Name, "all", "all") { Skip = TestDevices.Absence(report) }]
            : On(report.Device).SelectMany(variant =>
                (report.Device is CpuDevice ? small : cases.Concat(small)).Select(item => new TheoryDataRow<string, string, string>(report.Name, variant, item))));

    private static string[] On(Device device) => device is CudaDevice ? ["Naive", "Tiles"] : ["Naive", "Panels", "NarrowPanels", "Tiles"];
}
