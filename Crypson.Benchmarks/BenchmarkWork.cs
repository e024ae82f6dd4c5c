namespace Crypson.Benchmarks;

/// <summary>A row with its operands.</summary>
/// <param name="run">One call.</param>
/// <param name="checks">Makes a call and says what its results should be.</param>
/// <param name="device">The device that a call has to wait for; none if it ends when its work does.</param>
public sealed class BenchmarkWork(Action run, Func<IEnumerable<BenchmarkCheck>> checks, Device? device = null)
{
    /// <summary>Where it runs, unless it is a baseline.</summary>
    public Device? Device => device;

    /// <summary>One call, until its results are there.</summary>
    public void Run()
    {
        run();
        device?.Synchronize();
    }

    /// <summary>The results of a call, each beside what it should be.</summary>
    public IReadOnlyList<BenchmarkCheck> Checks() => [.. checks()];

    /// <summary>Checks the results of a call.</summary>
    /// <exception cref="BenchmarkException">A result is wrong, or the device did not compute it.</exception>
    public void Verify()
    {
        var before = device?.Launches;
        foreach (var check in Checks())
        {
            check.Verify();
        }

        if (device is not (null or CpuDevice) && device.Launches == before)
        {
            throw new BenchmarkException($"no kernel ran on {device}");
        }
    }
}
