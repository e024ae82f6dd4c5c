using System.Collections.Immutable;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Order;
using BenchmarkDotNet.Running;
using Crypson.Benchmarks;

namespace Crypson.Bench;

/// <summary>Rows in the order of the catalogue, not by name.</summary>
internal sealed class CatalogOrder : DefaultOrderer
{
    public override IEnumerable<BenchmarkCase> GetExecutionOrder(ImmutableArray<BenchmarkCase> benchmarksCase, IEnumerable<BenchmarkLogicalGroupRule>? order = null) =>
        benchmarksCase.OrderBy(benchmark => RowBenchmarks.Rows.ToList().IndexOf((BenchmarkRow)benchmark.Parameters[nameof(RowBenchmarks.Row)]));

    protected override IEnumerable<BenchmarkCase> GetSummaryOrderForGroup(ImmutableArray<BenchmarkCase> benchmarksCase, BenchmarkDotNet.Reports.Summary summary) =>
        GetExecutionOrder(benchmarksCase);
}
