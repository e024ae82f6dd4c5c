namespace Crypson;

/// <summary>While it lives, operations on this thread are not recorded. Made by <see cref="Tensor.NoGrad"/>.</summary>
public sealed class NoGradScope : IDisposable
{
    [ThreadStatic]
    private static int depth;

    private bool disposed;

    internal NoGradScope() => depth++;

    /// <summary>True while recording is off on this thread.</summary>
    public static bool IsActive => depth > 0;

    public void Dispose()
    {
        if (!disposed)
        {
            disposed = true;
            depth--;
        }
    }
}
