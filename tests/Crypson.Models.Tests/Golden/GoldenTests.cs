namespace Crypson.Models.Tests.Golden;

/// <summary>
/// Every case of a golden set, on every device, against PyTorch's results within the set's own tolerances. Another set of
/// the same format runs with <c>CRYPSON_GOLDEN=DIR dotnet test -c Release --filter Category=Golden</c>.
/// </summary>
[Trait("Category", "Golden")]
public sealed class GoldenTests
{
    public static IEnumerable<TheoryDataRow<string, string>> Cases() => Rows(GoldenSet.Current.Ids);

    public static IEnumerable<TheoryDataRow<string, string>> FullCases() => GoldenSet.Current.Full is null
        ? [new TheoryDataRow<string, string>("full-width models", "none") { Skip = "the golden set has no models_full.json" }]
        : Rows(GoldenSet.Current.FullIds);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Outputs_match(string id, string device)
    {
        using var scope = new TensorScope();
        On(device, place =>
        {
            var item = GoldenSet.Current.Case(id, place);
            item.Check(TinyModels.Run(item) ?? Operations.Run(item));
        });
    }

    [Theory]
    [MemberData(nameof(FullCases))]
    public void Full_width_models_match(string id, string device)
    {
        using var scope = new TensorScope();
        On(device, place => new FullModel(GoldenSet.Current, place).Check(id));
    }

    [Fact]
    public void The_formula_of_the_weights_gives_the_probes() => FullModel.CheckProbes(GoldenSet.Current);

    // The CPU's own operations are not launched; another device's must be, or something else computed the case.
    private static void On(string name, Action<Device> test)
    {
        var device = DeviceList.Get(name);
        var before = device.Launches;
        test(device);
        Assert.True(device is CpuDevice || device.Launches > before, $"no kernel ran on {name}");
    }

    // A driver without a device has one row, which says why.
    private static IEnumerable<TheoryDataRow<string, string>> Rows(IReadOnlyCollection<string> ids) =>
        DeviceList.Reports.SelectMany(report => report.Device is null
            ? [new TheoryDataRow<string, string>("all", report.Name) { Skip = TestDevices.Absence(report), Label = report.Name }]
            : ids.Select(id => new TheoryDataRow<string, string>(id, report.Name) { TestDisplayName = id, Label = report.Name }));
}
