namespace Crypson.Benchmarks;

/// <summary>A row with its operands.</summary>
/// <param name="run">One call.</param>
/// <param name="checks">Makes a call and says what its results should be.</param>
public sealed class BenchmarkWork(Action run, Func<IEnumerable<BenchmarkCheck>> checks)
{
    /// <summary>One call.</summary>
    public void Run() => run();

    /// <summary>The results of a call, each beside what it should be.</summary>
    public IReadOnlyList<BenchmarkCheck> Checks() => [.. checks()];

    /// <summary>Checks the results of a call.</summary>
    /// <exception cref="InvalidOperationException">A result is wrong.</exception>
    public void Verify()
    {
        foreach (var check in Checks())
        {
            check.Verify();
        }
    }
}
