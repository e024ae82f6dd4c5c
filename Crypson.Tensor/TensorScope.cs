namespace Crypson;

/// <summary>
/// Frees, at its end, every tensor made inside it on this thread: <c>using (new TensorScope()) { one training step }</c>.
/// Parameters, optimiser moments and gradients of leaves outlive it; anything else does after <see cref="Keep(Tensor)"/>.
/// Without a scope nothing leaks either: the garbage collector frees what nobody holds, only later.
/// </summary>
public sealed class TensorScope : IDisposable
{
    [ThreadStatic]
    private static TensorScope? current;

    private readonly TensorScope? outer;
    private readonly List<IDisposable> values = [];
    private bool disposed;

    public TensorScope()
    {
        outer = current;
        current = this;
    }

    /// <summary>Lets a tensor outlive this scope: it then belongs to the enclosing scope, or to the caller.</summary>
    public Tensor Keep(Tensor tensor)
    {
        Release(tensor);
        return tensor;
    }

    /// <inheritdoc cref="Keep(Tensor)"/>
    public IndexTensor Keep(IndexTensor tensor)
    {
        Release(tensor);
        return tensor;
    }

    public void Dispose()
    {
        if (disposed)
        {
            return;
        }

        if (current != this)
        {
            throw new InvalidOperationException("tensor scope: disposed out of order or on another thread than it was made on");
        }

        disposed = true;
        current = outer;
        foreach (var value in values)
        {
            if (value is not Tensor { IsPersistent: true })
            {
                value.Dispose();
            }
        }
    }

    internal static void Register(IDisposable value) => current?.values.Add(value);

    private void Release(IDisposable value)
    {
        if (values.Remove(value))
        {
            outer?.values.Add(value);
        }
    }
}
