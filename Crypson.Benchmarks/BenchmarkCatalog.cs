namespace Crypson.Benchmarks;

/// <summary>All rows.</summary>
public static class BenchmarkCatalog
{
    /// <summary>Every row, in the order of the table.</summary>
    public static IReadOnlyList<BenchmarkRow> Rows { get; } =
        [.. GemmRows.All(), .. OperatorRows.All(), .. OptimizerRows.All(), .. StepRows.All(), .. InferenceRows.All()];
}
