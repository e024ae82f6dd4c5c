namespace Crypson.Benchmarks;

/// <summary>A row computes something wrong.</summary>
public sealed class BenchmarkException(string message) : Exception(message);
