using System.Runtime.CompilerServices;

namespace Crypson.Kernels;

/// <summary>
/// A stretch of memory of a device. Elements are read and written in kernels, and in plain C# when the memory is the
/// CPU's; there an index outside the view throws.
/// </summary>
/// <typeparam name="T">The type of the elements.</typeparam>
public readonly unsafe struct ArrayView<T>
    where T : unmanaged
{
    private readonly Storage? storage;
    private readonly T* pointer;

    internal ArrayView(Storage storage, long offset, long length)
    {
        this.storage = storage;
        Offset = offset;
        Length = length;
        pointer = storage.Device.IsHost ? (T*)storage.Address + offset : null;
    }

    internal ArrayView(T* pointer, long length)
    {
        this.pointer = pointer;
        Length = length;
    }

    private ArrayView(Storage? storage, T* pointer, long offset, long length)
    {
        this.storage = storage;
        this.pointer = pointer;
        Offset = offset;
        Length = length;
    }

    /// <summary>The number of elements.</summary>
    public long Length { get; }

    /// <summary>The number of elements, when an int can hold it.</summary>
    public int IntLength => checked((int)Length);

    /// <summary>True when the view can be used: it has memory.</summary>
    public bool IsValid => storage is not null || pointer is not null;

    internal Storage? Storage => storage;

    internal long Offset { get; }

    /// <summary>One element.</summary>
    public ref T this[int index] => ref this[(long)index];

    /// <summary>One element.</summary>
    public ref T this[long index]
    {
        get
        {
            if ((ulong)index >= (ulong)Length || pointer is null)
            {
                Refuse(index);
            }

            return ref pointer[index];
        }
    }

    /// <summary>The elements from <paramref name="index"/> on.</summary>
    public ArrayView<T> SubView(long index) => SubView(index, Length - index);

    /// <summary><paramref name="length"/> elements from <paramref name="index"/> on.</summary>
    public ArrayView<T> SubView(long index, long length) => index >= 0 && length >= 0 && index <= Length - length
        ? new ArrayView<T>(storage, pointer is null ? null : pointer + index, Offset + index, length)
        : throw new ArgumentOutOfRangeException(null, $"sub-view: {length} elements from {index} on are not inside {Length}");

    public override string ToString() => $"ArrayView<{typeof(T).Name}>[{Length}]";

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Refuse(long index)
    {
        if (pointer is null && storage is not null)
        {
            throw new InvalidOperationException($"array view: the memory of {storage.Device} is not readable from C#; copy it out first");
        }

        throw new IndexOutOfRangeException($"array view: index {index} is outside 0 to {Length - 1}");
    }
}
