namespace Crypson.Benchmarks;

/// <summary>A row with its operands.</summary>
/// <param name="run">One call.</param>
/// <param name="verify">Throws if the result of a call is wrong.</param>
public sealed class BenchmarkWork(Action run, Action verify)
{
    /// <summary>One call.</summary>
    public void Run() => run();

    /// <summary>Checks a call's result.</summary>
    /// <exception cref="InvalidOperationException">The result is wrong.</exception>
    public void Verify() => verify();
}
