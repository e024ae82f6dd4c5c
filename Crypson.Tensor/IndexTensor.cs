using System.Buffers;

namespace Crypson;

/// <summary>An int32 array: class indices, positions. It has no gradient.</summary>
public sealed class IndexTensor : IDisposable
{
    private Storage? storage;

    private IndexTensor(Storage storage, Shape shape)
    {
        this.storage = storage;
        Shape = shape;
        TensorScope.Register(this);
    }

    /// <summary>The sizes of the axes.</summary>
    public Shape Shape { get; }

    /// <summary>The number of elements.</summary>
    public int Count => Shape.ElementCount;

    /// <summary>Where the values live.</summary>
    public Device Device => Storage.Device;

    internal Storage Storage => storage ?? throw new ObjectDisposedException(nameof(IndexTensor), $"index tensor {Shape} was freed");

    /// <summary>A tensor with the given values in row-major order.</summary>
    /// <exception cref="ArgumentException">The number of values is not the shape's element count.</exception>
    public static IndexTensor FromSpan(ReadOnlySpan<int> values, Shape shape, Device? device = null)
    {
        if (values.Length != shape.ElementCount)
        {
            throw new ArgumentException($"from span: {values.Length} values given for shape {shape} ({shape.ElementCount})");
        }

        var tensor = Empty(shape, device);
        tensor.Device.CopyIn(values, tensor.Storage);
        return tensor;
    }

    /// <summary>A vector with the given values.</summary>
    public static IndexTensor FromSpan(ReadOnlySpan<int> values, Device? device = null) => FromSpan(values, [values.Length], device);

    /// <summary>A tensor whose values, in row-major order, <paramref name="fill"/> writes; nothing is left on the managed heap.</summary>
    public static IndexTensor Create<TState>(Shape shape, TState state, SpanAction<int, TState> fill, Device? device = null)
    {
        var buffer = ArrayPool<int>.Shared.Rent(shape.ElementCount);
        try
        {
            var values = buffer.AsSpan(0, shape.ElementCount);
            fill(values, state);
            return FromSpan(values, shape, device);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(buffer);
        }
    }

    /// <summary>The values, in row-major order.</summary>
    public int[] ToArray()
    {
        var values = new int[Count];
        CopyTo(values);
        return values;
    }

    /// <summary>Copies the values, in row-major order, to a span of exactly <see cref="Count"/> elements.</summary>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public void CopyTo(Span<int> destination)
    {
        if (destination.Length != Count)
        {
            throw new ArgumentException($"copy to: {destination.Length} elements given for an index tensor of shape {Shape} ({Count})");
        }

        Device.CopyOut(Storage, destination);
        GC.KeepAlive(this);
    }

    /// <summary>Frees the values now. Never needed: scopes and the garbage collector do it.</summary>
    public void Dispose()
    {
        storage?.Release();
        storage = null;
    }

    public override string ToString() => $"IndexTensor {Shape} on {Device}";

    /// <summary>The same values with another shape; shares storage.</summary>
    public IndexTensor Reshape(Shape shape) => shape.ElementCount == Count
        ? new IndexTensor(Storage.Retain(), shape)
        : throw new ArgumentException($"reshape: {Shape} has {Count} elements, {shape} has {shape.ElementCount}");

    internal static IndexTensor Empty(Shape shape, Device? device = null) =>
        new((device ?? Crypson.Device.Cpu).Allocate((long)shape.ElementCount * sizeof(int)), shape);

    /// <summary>Throws, naming the first one, when an index is outside 0 to <paramref name="bound"/> - 1.</summary>
    internal unsafe void RequireBelow(string op, int bound)
    {
        var values = new ReadOnlySpan<int>(Storage.Integers, Count);
        for (var i = 0; i < values.Length; i++)
        {
            if ((uint)values[i] >= (uint)bound)
            {
                throw new ArgumentOutOfRangeException(null, $"{op}: index {values[i]} at position {i} is outside 0 to {bound - 1}");
            }
        }

        GC.KeepAlive(this);
    }
}
