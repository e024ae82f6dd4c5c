using System.Runtime.ConstrainedExecution;

namespace Crypson.Cpu.Products;

/// <summary>
/// Native scratch memory of one thread, kept between calls so that a product allocates nothing once its shapes have
/// been seen. Freed when the thread is gone.
/// </summary>
internal sealed unsafe class ThreadScratch : CriticalFinalizerObject
{
    private const nint CacheShare = 128 << 10;

    [ThreadStatic]
    private static ThreadScratch? current;

    private readonly void*[] blocks = new void*[Enum.GetValues<ScratchSlot>().Length];
    private readonly nuint[] sizes = new nuint[Enum.GetValues<ScratchSlot>().Length];

    private ThreadScratch()
    {
    }

    ~ThreadScratch()
    {
        foreach (var block in blocks)
        {
            NativeBlock.Free(block);
        }
    }

    /// <summary>The scratch memory of the calling thread.</summary>
    public static ThreadScratch Current => current ??= new ThreadScratch();

    /// <summary>The slot's block with at least <paramref name="bytes"/> bytes, 64-byte aligned, contents undefined.</summary>
    public void* Bytes(ScratchSlot slot, nint bytes)
    {
        var index = (int)slot;
        if (sizes[index] < (nuint)bytes)
        {
            // What nearly fills the second-level cache must not share its sets, as small pages at random would.
            bytes = bytes < CacheShare ? bytes : Math.Max(bytes, NativeBlock.HugePage);
            NativeBlock.Free(blocks[index]);
            blocks[index] = null;
            sizes[index] = 0;
            blocks[index] = NativeBlock.Allocate(bytes);
            sizes[index] = (nuint)bytes;
        }

        return blocks[index];
    }

    /// <summary>The slot's block with at least <paramref name="count"/> floats.</summary>
    public float* Floats(ScratchSlot slot, nint count) => (float*)Bytes(slot, count * sizeof(float));
}
