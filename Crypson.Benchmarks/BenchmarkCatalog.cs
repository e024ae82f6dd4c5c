namespace Crypson.Benchmarks;

/// <summary>All rows.</summary>
public static class BenchmarkCatalog
{
    /// <summary>Every row of the CPU and of the baselines, in the order of the table.</summary>
    public static IReadOnlyList<BenchmarkRow> Rows { get; } = On([Device.Cpu]);

    /// <summary>The rows of these devices, each name's together, and of the baselines.</summary>
    public static IReadOnlyList<BenchmarkRow> On(IReadOnlyList<Device> devices) =>
        [.. GemmRows.All(devices), .. OperatorRows.All(devices), .. OptimizerRows.All(devices), .. StepRows.All(devices), .. InferenceRows.All(devices)];
}
