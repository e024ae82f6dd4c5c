namespace Crypson.Benchmarks.Tests;

/// <summary>The rows compute the right thing, and would say so if they did not.</summary>
public sealed class CatalogTests
{
    // Steps of 1024 images are those of 128 with another number; they take long.
    public static TheoryData<string, string> Rows => [.. BenchmarkCatalog.Rows.Where(row => row.Group != "step1024").Select(row => (row.Name, row.Device))];

    /// <summary>A row of each kind on each device besides the CPU; where a driver has none, rows that are skipped with the reason.</summary>
    public static IEnumerable<TheoryDataRow<string, string>> DeviceRows => TestDevices.With(
        ["gemm/128x47x512", "op/odd.conv[37->53 k5s3p2 on 31x31]/fwd+bwd", "op/odd.Linear[517x253]/fwd", "op/Adam[G 3152576 params]", "op/copy[64MiB f32]", "step/classifier", "infer/encoder/b128", "pipeline/roundtrip/b1"],
        OtherDevices);

    public static IEnumerable<TheoryDataRow<string>> OtherDevices => TestDevices.Others;

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_passes_its_checks_and_every_check_notices_a_wrong_result(string name, string device) =>
        Check(BenchmarkCatalog.Rows.Single(row => row.Name == name && row.Device == device));

    [Theory]
    [MemberData(nameof(DeviceRows))]
    public void A_row_of_another_device_passes_its_checks_there(string name, string device)
    {
        var row = BenchmarkCatalog.On([DeviceList.Get(device)]).Single(row => row.Name == name && row.Device == device);
        var work = row.Create();
        Assert.Equal(device, work.Device!.Name);
        work.Verify();
        Check(row);
    }

    [Theory]
    [MemberData(nameof(OtherDevices))]
    public void Right_results_are_refused_if_the_device_did_not_compute_them(string device)
    {
        var work = new BenchmarkWork(() => { }, () => [new BenchmarkCheck("nothing", [1f], _ => (1, 1))], DeviceList.Get(device));
        Assert.Equal($"no kernel ran on {device}", Assert.Throws<BenchmarkException>(work.Verify).Message);
        new BenchmarkWork(() => { }, () => [new BenchmarkCheck("nothing", [1f], _ => (1, 1))], Device.Cpu).Verify();
    }

    [Fact]
    public void Every_row_of_ours_is_there_for_each_device()
    {
        var devices = DeviceList.All.ToList();
        var rows = BenchmarkCatalog.On(devices);
        foreach (var device in devices)
        {
            Assert.Equal(BenchmarkCatalog.Rows.Where(row => row.Device == "cpu").Select(row => row.Name), rows.Where(row => row.Device == device.Name).Select(row => row.Name));
        }

        Assert.Equal(BenchmarkCatalog.Rows.Count + ((devices.Count - 1) * BenchmarkCatalog.Rows.Count(row => row.Device == "cpu")), rows.Count);
    }

    private static void Check(BenchmarkRow row)
    {
        var work = row.Create();
        var checks = work.Checks();
        Assert.NotEmpty(checks);
        foreach (var check in checks)
        {
            check.Verify();
            var wrong = check with { Actual = Array.ConvertAll(check.Actual, value => (1.5f * value) + 1) };
            Assert.Throws<BenchmarkException>(wrong.Verify);
            wrong = check with { Actual = [.. check.Actual[..^1], float.NaN] };
            Assert.Throws<BenchmarkException>(wrong.Verify);
        }

        work.Run();
    }

    [Fact]
    public void A_row_is_there_once_and_counts_its_operations_or_bytes()
    {
        Assert.Equal(BenchmarkCatalog.Rows.Count, BenchmarkCatalog.Rows.DistinctBy(row => (row.Name, row.Device)).Count());
        Assert.All(BenchmarkCatalog.Rows, row => Assert.True(row.Flops + row.Bytes > 0, row.Name));
    }

    [Fact]
    public void Every_baseline_has_our_row_beside_it()
    {
        var ours = BenchmarkCatalog.Rows.Where(row => row.Device == "cpu").Select(row => row.Name).ToHashSet();
        Assert.All(BenchmarkCatalog.Rows, row => Assert.Contains(row.Name, ours));
    }

    [Theory]
    [InlineData("gemm", true)]
    [InlineData("gemm/1024", true)]
    [InlineData("gemm/1024x1024x1024", true)]
    [InlineData("gem", false)]
    [InlineData("step", false)]
    [InlineData("gemm/512", false)]
    public void A_row_is_selected_by_its_group_or_the_beginning_of_its_name(string selection, bool fits) =>
        Assert.Equal(fits, new BenchmarkRow("gemm/1024x1024x1024", "cpu", 1, 1, () => throw new NotSupportedException()).Fits(selection));
}
