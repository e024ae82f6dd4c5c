namespace Crypson.Benchmarks.Tests;

/// <summary>The rows compute the right thing, and would say so if they did not.</summary>
public sealed class CatalogTests
{
    public static TheoryData<string, string> Rows => [.. BenchmarkCatalog.Rows.Select(row => (row.Name, row.Device))];

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_passes_its_checks_and_every_check_notices_a_wrong_result(string name, string device)
    {
        var work = BenchmarkCatalog.Rows.Single(row => row.Name == name && row.Device == device).Create();
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
