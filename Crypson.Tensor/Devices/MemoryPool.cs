namespace Crypson;

/// <summary>
/// Keeps freed blocks for reuse, by size class (four classes per power of two, so at most a quarter is wasted).
/// When the live bytes have doubled since the last look, it lets the garbage collector find tensors that nobody
/// holds any more before it asks the device for more: code without scopes stays flat too.
/// </summary>
internal sealed class MemoryPool(Device device)
{
    private const long FirstCollection = 256L << 20;
    private readonly Lock gate = new();
    private readonly Dictionary<long, Stack<nint>> free = [];
    private long collectAt = FirstCollection;

    public long BytesInUse { get; private set; }

    public long BytesReserved { get; private set; }

    public Storage Allocate(long bytes)
    {
        var capacity = SizeClass(bytes);
        if (TryReuse(capacity, out var address))
        {
            return new Storage(device, address, capacity);
        }

        if (BytesInUse + capacity > collectAt)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            collectAt = Math.Max(FirstCollection, 2 * BytesInUse);
            if (TryReuse(capacity, out address))
            {
                return new Storage(device, address, capacity);
            }
        }

        address = AllocateBlock(capacity);
        lock (gate)
        {
            BytesReserved += capacity;
            BytesInUse += capacity;
        }

        return new Storage(device, address, capacity);
    }

    public void Free(Storage storage)
    {
        lock (gate)
        {
            BytesInUse -= storage.Capacity;
            if (!free.TryGetValue(storage.Capacity, out var blocks))
            {
                free[storage.Capacity] = blocks = new Stack<nint>();
            }

            blocks.Push(storage.Address);
        }
    }

    public void Trim()
    {
        lock (gate)
        {
            foreach (var (capacity, blocks) in free)
            {
                while (blocks.TryPop(out var address))
                {
                    device.FreeBlock(address);
                    BytesReserved -= capacity;
                }
            }
        }
    }

    /// <summary>
    /// Gives back what nobody holds any more. Blocks of queued launches count as held until they have run, so this waits.
    /// </summary>
    public void Reclaim()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        device.Synchronize();
        Trim();
    }

    internal static long SizeClass(long bytes)
    {
        if (bytes <= 256)
        {
            return 256;
        }

        var step = 1L << (int)(61 - long.LeadingZeroCount(bytes - 1));
        return (bytes + step - 1) / step * step;
    }

    private nint AllocateBlock(long capacity)
    {
        if (TryAllocate(capacity, out var address, out _))
        {
            return address;
        }

        Reclaim();
        return TryAllocate(capacity, out address, out var refusal)
            ? address
            : throw new OutOfMemoryException(
                $"{device.Name}: out of memory allocating {capacity} bytes ({BytesInUse} of {device.Info.MemoryBytes} in use{refusal}); use a smaller batch");
    }

    private bool TryAllocate(long capacity, out nint address, out string refusal)
    {
        (address, refusal) = (0, "");
        if (BytesReserved + capacity > device.MemoryLimit)
        {
            return false;
        }

        try
        {
            address = device.AllocateBlock(capacity);
            return true;
        }
        catch (OutOfMemoryException e)
        {
            refusal = $"; {e.Message}";
            return false;
        }
    }

    private bool TryReuse(long capacity, out nint address)
    {
        lock (gate)
        {
            if (free.TryGetValue(capacity, out var blocks) && blocks.TryPop(out address))
            {
                BytesInUse += capacity;
                return true;
            }
        }

        address = 0;
        return false;
    }
}
