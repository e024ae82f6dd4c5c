using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Crypson.Benchmarks;

namespace Crypson.Bench;

/// <summary>What a row does in a second, by its median.</summary>
/// <param name="name">Title.</param>
/// <param name="legend">What it means.</param>
/// <param name="rate">Of a row and the milliseconds of a call; NaN if the row has none.</param>
internal sealed class RateColumn(string name, string legend, Func<BenchmarkRow, double, double> rate) : IColumn
{
    private const double NanosecondsPerMillisecond = 1e6;

    public string Id => name;

    public string ColumnName => name;

    public string Legend => legend;

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) => GetValue(summary, benchmarkCase, SummaryStyle.Default);

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style)
    {
        var row = (BenchmarkRow)benchmarkCase.Parameters[nameof(RowBenchmarks.Row)];
        var value = rate(row, (summary[benchmarkCase]?.ResultStatistics?.Median ?? double.NaN) / NanosecondsPerMillisecond);
        return double.IsNaN(value) ? "-" : value.ToString("F1", style.CultureInfo);
    }
}
