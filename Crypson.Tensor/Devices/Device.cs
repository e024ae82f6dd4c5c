using Crypson.Kernels;

namespace Crypson;

/// <summary>
/// A place where tensors live and kernels run. A device knows memory and launches; it knows no operation.
/// </summary>
public abstract class Device
{
    private readonly MemoryPool pool;
    private long waits;
    private long launches;

    private protected Device() => pool = new MemoryPool(this);

    /// <summary>The CPU, the default device.</summary>
    public static CpuDevice Cpu { get; } = new();

    /// <summary>The name used on the command line and in messages, such as <c>cpu</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What the device is, in words: model, cores, instruction set.</summary>
    public abstract string Description { get; }

    /// <summary>What the device is, part by part.</summary>
    public abstract DeviceInfo Info { get; }

    /// <summary>Bytes held by live tensors.</summary>
    public long BytesInUse => pool.BytesInUse;

    /// <summary>Bytes taken from the device: live tensors and blocks kept for reuse.</summary>
    public long BytesReserved => pool.BytesReserved;

    /// <summary>Kernels of the dialect that were launched so far: it shows that a device did the work, and how finely.</summary>
    public long Launches => Interlocked.Read(ref launches);

    /// <summary>How often the host waited for the device: copies out and <see cref="Synchronize"/>.</summary>
    internal long Waits => Interlocked.Read(ref waits);

    /// <summary>Gives the blocks that no tensor uses back to the device.</summary>
    public void TrimMemory() => pool.Trim();

    /// <summary>Waits until every launch has finished.</summary>
    public void Synchronize()
    {
        Interlocked.Increment(ref waits);
        Finish();
    }

    /// <summary>Runs <paramref name="groups"/> groups of a kernel.</summary>
    public abstract void Launch<TKernel>(in TKernel kernel, int groups)
        where TKernel : struct, IKernel;

    /// <summary>
    /// Runs a kernel written in the kernel dialect; generated launchers call this. It may return before the kernel has
    /// run; what is copied out afterwards, or launched, sees its results. A range of no positions or groups runs nothing.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The range is negative, a group has no work-item or more than the device runs, or a view has no memory on this device.
    /// </exception>
    /// <exception cref="ObjectDisposedException">A view's memory was freed.</exception>
    /// <exception cref="NotSupportedException">The device cannot run this kernel.</exception>
    public void Launch<TCall>(KernelProgram program, KernelRange range, in TCall call)
        where TCall : struct, IKernelCall
    {
        range.Require(program.Name);
        if (!range.IsEmpty)
        {
            Start(program, range, call);
            Interlocked.Increment(ref launches);
        }
    }

    /// <summary>New memory for <paramref name="length"/> elements; what it holds is undefined.</summary>
    public DeviceBuffer<T> Allocate<T>(int length)
        where T : unmanaged => new(this, length);

    /// <summary>New memory with a copy of the values.</summary>
    public DeviceBuffer<T> Allocate<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var buffer = Allocate<T>(values.Length);
        buffer.CopyFrom(values);
        return buffer;
    }

    public override string ToString() => Name;

    internal Storage Allocate(long bytes) => pool.Allocate(bytes);

    internal void Free(Storage storage) => pool.Free(storage);

    /// <summary>Gives back what nobody holds any more.</summary>
    internal void ReclaimMemory() => pool.Reclaim();

    /// <summary>Runs a kernel on a range that is not empty.</summary>
    internal abstract void Start<TCall>(KernelProgram program, KernelRange range, in TCall call)
        where TCall : struct, IKernelCall;

    internal abstract void CopyIn<T>(ReadOnlySpan<T> source, Storage destination)
        where T : unmanaged;

    /// <summary>Copies the first elements of a block to the host, when every launch before has finished.</summary>
    internal void CopyOut<T>(Storage source, Span<T> destination)
        where T : unmanaged
    {
        if (!destination.IsEmpty)
        {
            Interlocked.Increment(ref waits);
            Read(source, destination);
        }
    }

    /// <summary>Returns when every launch has finished.</summary>
    internal abstract void Finish();

    /// <summary>Copies out; the destination is not empty.</summary>
    internal abstract void Read<T>(Storage source, Span<T> destination)
        where T : unmanaged;

    /// <summary>Whether host code can read the blocks, which kernels as plain C# do.</summary>
    internal virtual bool IsHost => false;

    /// <summary>
    /// Floats of a register where a processor runs work-items one after another in a loop; 0 where they run side by side.
    /// </summary>
    internal virtual int VectorWidth => 0;

    /// <summary>The most bytes that all blocks together may have, where the driver would promise more than there is.</summary>
    internal virtual long MemoryLimit => long.MaxValue;

    internal abstract nint AllocateBlock(long bytes);

    internal abstract void FreeBlock(nint address);
}
