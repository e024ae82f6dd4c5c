using Crypson.Kernels;

namespace Crypson;

/// <summary>Memory on a device for kernels that work on plain arrays. It returns to the device's pool when disposed.</summary>
/// <typeparam name="T">The type of the elements.</typeparam>
public sealed class DeviceBuffer<T> : IDisposable
    where T : unmanaged
{
    private Storage? storage;

    internal unsafe DeviceBuffer(Device device, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        storage = device.Allocate((long)length * sizeof(T));
    }

    /// <summary>The number of elements.</summary>
    public int Length { get; }

    /// <summary>Where the memory is.</summary>
    public Device Device => Storage.Device;

    /// <summary>The memory as a kernel's argument.</summary>
    public ArrayView<T> View => new(Storage, 0, Length);

    private Storage Storage => storage ?? throw new ObjectDisposedException(nameof(DeviceBuffer<>));

    public static implicit operator ArrayView<T>(DeviceBuffer<T> buffer) => buffer.View;

    /// <summary>Copies values in; exactly as many as there are elements.</summary>
    public void CopyFrom(ReadOnlySpan<T> values)
    {
        Require(values.Length);
        Device.CopyIn(values, Storage);
    }

    /// <summary>Copies values out, when all that was launched before has run.</summary>
    public void CopyTo(Span<T> values)
    {
        Require(values.Length);
        Device.CopyOut(Storage, values);
    }

    /// <summary>The values, when all that was launched before has run.</summary>
    public T[] ToArray()
    {
        var values = new T[Length];
        CopyTo(values);
        return values;
    }

    public void Dispose()
    {
        storage?.Release();
        storage = null;
    }

    private void Require(int length)
    {
        if (length != Length)
        {
            throw new ArgumentException($"device buffer: {length} elements given for {Length}");
        }
    }
}
