namespace Crypson;

/// <summary>
/// One block of device memory, shared by the tensors that view it. It returns to the device's pool when the last
/// tensor is disposed (a <see cref="TensorScope"/> does that) or, without that, when the garbage collector finds
/// that no tensor is left.
/// </summary>
internal sealed class Storage(Device device, nint address, long capacity)
{
    private readonly bool isHost = device is CpuDevice;
    private int references = 1;

    ~Storage() => Device.Free(this);

    public Device Device { get; } = device;

    public nint Address { get; } = address;

    /// <summary>Bytes of the block; at least what was asked for.</summary>
    public long Capacity { get; } = capacity;

    /// <summary>Counts in-place changes, so that the backward pass notices a value that is no longer what it was.</summary>
    public int Version { get; set; }

    /// <summary>True when one tensor alone holds this block.</summary>
    public bool IsExclusive => Volatile.Read(ref references) == 1;

    /// <summary>True when the block went back to the pool.</summary>
    public bool IsFree => Volatile.Read(ref references) <= 0;

    /// <summary>The block as floats, on the CPU.</summary>
    public unsafe float* Floats => (float*)HostAddress;

    /// <summary>The block as class indices, on the CPU.</summary>
    public unsafe int* Integers => (int*)HostAddress;

    // An address of another device means nothing here: reading there could end the process. The check must be inlined.
    private nint HostAddress => isHost ? Address : Refuse();

    public Storage Retain()
    {
        Interlocked.Increment(ref references);
        return this;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref references) == 0)
        {
            GC.SuppressFinalize(this);
            Device.Free(this);
        }
    }

    private nint Refuse() =>
        throw new NotSupportedException($"there is no kernel for device {Device}; move the operands with To(Device.Cpu)");
}
