using System.Buffers;

namespace Crypson;

/// <summary>An int32 array: class indices, positions. It has no gradient.</summary>
public sealed class IndexTensor : IDisposable
{
    // The smallest and largest value, known without reading the device's memory.
    private readonly int lowest;
    private readonly int highest;
    private Storage? storage;

    private IndexTensor(Storage storage, Shape shape, int lowest, int highest)
    {
        (this.storage, this.lowest, this.highest) = (storage, lowest, highest);
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

        var (lowest, highest) = (0, 0);
        foreach (var value in values)
        {
            (lowest, highest) = (Math.Min(lowest, value), Math.Max(highest, value));
        }

        var tensor = new IndexTensor(Allocate(shape, device), shape, lowest, highest);
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
        ? new IndexTensor(Storage.Retain(), shape, lowest, highest)
        : throw new ArgumentException($"reshape: {Shape} has {Count} elements, {shape} has {shape.ElementCount}");

    /// <summary>The values on another device; this tensor when they are there already.</summary>
    public IndexTensor To(Device device) => device == Device ? this : FromSpan(ToArray(), Shape, device);

    /// <summary>The values as a kernel's argument.</summary>
    internal Kernels.ArrayView<int> View => new(Storage, 0, Count);

    /// <summary>A tensor whose values are not set yet; all will be from 0 to <paramref name="bound"/> - 1.</summary>
    internal static IndexTensor Empty(Shape shape, int bound, Device? device = null) => new(Allocate(shape, device), shape, 0, Math.Max(0, bound - 1));

    /// <summary>Throws, naming the first one, when an index is outside 0 to <paramref name="bound"/> - 1.</summary>
    internal void RequireBelow(string op, int bound)
    {
        if (Count == 0 || (lowest >= 0 && highest < bound))
        {
            return;
        }

        var values = ToArray();
        var at = Array.FindIndex(values, value => (uint)value >= (uint)bound);
        if (at >= 0)
        {
            throw new ArgumentOutOfRangeException(null, $"{op}: index {values[at]} at position {at} is outside 0 to {bound - 1}");
        }
    }

    private static Storage Allocate(Shape shape, Device? device) => (device ?? Crypson.Device.Cpu).Allocate((long)shape.ElementCount * sizeof(int));
}
