using System.Diagnostics;

namespace Crypson.Benchmarks;

/// <summary>How long the calls of a row took.</summary>
/// <param name="Row">What was timed.</param>
/// <param name="Milliseconds">The median.</param>
/// <param name="LeastMilliseconds">The shortest.</param>
/// <param name="Samples">Calls that were timed.</param>
/// <param name="MemoryBytes">What the calls took of the device's memory, operands included; 0 for a baseline.</param>
/// <param name="Error">Why nothing was timed; null if something was.</param>
public sealed record BenchmarkResult(BenchmarkRow Row, double Milliseconds, double LeastMilliseconds, int Samples, long MemoryBytes, Exception? Error = null)
{
    private const int LeastSamples = 5;
    private const int MostSamples = 1000;

    /// <summary>10⁹ operations a second, by the median; NaN if the row has none.</summary>
    public double GigaFlops => Row.GigaFlops(Milliseconds);

    /// <summary>10⁹ bytes a second, by the median; NaN if the row has none.</summary>
    public double GigaBytes => Row.GigaBytes(Milliseconds);

    /// <summary>
    /// Verifies, warms up for half the time (the first calls run code that is not optimised yet), then times single calls
    /// for <paramref name="seconds"/>: five at least, one if a call takes that long alone.
    /// </summary>
    /// <exception cref="BenchmarkException">The row computes something wrong.</exception>
    public static BenchmarkResult Measure(BenchmarkRow row, double seconds)
    {
        var work = row.Create();
        work.Verify();
        TrimMemory(work.Device);
        var start = Stopwatch.GetTimestamp();
        do
        {
            work.Run();
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds / 2);

        var least = Stopwatch.GetElapsedTime(start).TotalSeconds < LeastSamples * seconds ? LeastSamples : 1;
        var times = new List<double>();
        start = Stopwatch.GetTimestamp();
        while (times.Count < least || (times.Count < MostSamples && Stopwatch.GetElapsedTime(start).TotalSeconds < seconds))
        {
            var before = Stopwatch.GetTimestamp();
            work.Run();
            times.Add(Stopwatch.GetElapsedTime(before).TotalMilliseconds);
        }

        times.Sort();
        return new BenchmarkResult(row, times[times.Count / 2], times[0], times.Count, work.Device?.BytesReserved ?? 0);
    }

    /// <summary>The result of a row that a device cannot do, or does wrongly.</summary>
    public static BenchmarkResult Failed(BenchmarkRow row, Exception error) => new(row, double.NaN, double.NaN, 0, 0, error);

    // What earlier rows and the check have left would be counted.
    private static void TrimMemory(Device? device)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        device?.TrimMemory();
    }
}
