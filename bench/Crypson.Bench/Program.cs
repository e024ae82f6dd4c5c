using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Crypson.Bench;
using Crypson.Benchmarks;
using Perfolizer.Horology;

const int LongestName = 80;

// Crypson.Bench [--list] [--filter '*gemm*'] [--job dry|short|medium|long] [--inProcess] and BenchmarkDotNet's other options.
if (args.Contains("--list"))
{
    foreach (var row in BenchmarkCatalog.Rows)
    {
        Console.WriteLine(row);
    }

    return 0;
}

var config = ManualConfig.CreateEmpty()
    .AddLogger(ConsoleLogger.Default)
    .AddColumnProvider(DefaultColumnProviders.Instance)
    .AddColumn(new RateColumn("GFLOP/s", "10^9 operations a second, as the plain algorithm counts them", (row, milliseconds) => row.GigaFlops(milliseconds)))
    .AddColumn(new RateColumn("GB/s", "10^9 bytes a second, operands and results counted once", (row, milliseconds) => row.GigaBytes(milliseconds)))
    .HideColumns(Column.Method)
    .WithOrderer(new CatalogOrder())
    .WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(LongestName));
if (!args.Contains("--job"))
{
    // About two seconds a row; "--job medium" is for figures to quote, "--job dry --inProcess" runs each row once.
    config.AddJob(Job.Default.WithLaunchCount(1).WithWarmupCount(3).WithIterationCount(10).WithIterationTime(TimeInterval.FromMilliseconds(100)));
}

var summary = BenchmarkRunner.Run<RowBenchmarks>(config, args);
return summary is null || summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success) ? 1 : 0;
