using BenchmarkDotNet.Attributes;
using Crypson.Benchmarks;

namespace Crypson.Bench;

/// <summary>Every row of the catalogue: verified, then timed.</summary>
public class RowBenchmarks
{
    private BenchmarkWork? work;

    /// <summary>The catalogue.</summary>
    public static IEnumerable<BenchmarkRow> Rows => BenchmarkCatalog.Rows;

    /// <summary>What is timed.</summary>
    [ParamsSource(nameof(Rows))]
    public BenchmarkRow Row { get; set; } = null!;

    [GlobalSetup]
    public void Verify()
    {
        work = Row.Create();
        work.Verify();
    }

    [Benchmark]
    public void Run() => work!.Run();

    [GlobalCleanup]
    public void Release()
    {
        work = null;
        GC.Collect();
    }
}
