using System.Runtime.InteropServices;

namespace Crypson.Cpu;

/// <summary>
/// Native memory on cache line boundaries. Large blocks ask Linux for huge pages: the kernels stride through memory, and
/// with 4 KiB pages the address translation misses at every other step.
/// </summary>
internal static unsafe partial class NativeBlock
{
    // A cache line, and the width of the widest vector.
    private const nuint Alignment = 64;

    /// <summary>Bytes from which a block lies in pages of this size, where the system gives them.</summary>
    public const int HugePage = 2 << 20;

    private const int AdviseHugePage = 14;

    /// <summary>A block with undefined contents.</summary>
    /// <exception cref="OutOfMemoryException">There is not enough memory.</exception>
    public static void* Allocate(nint bytes)
    {
        if ((nuint)bytes < HugePage)
        {
            return NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
        }

        var block = NativeMemory.AlignedAlloc((nuint)bytes, HugePage);
        if (OperatingSystem.IsLinux())
        {
            // Advice only: where it is refused, small pages serve.
            _ = Advise(block, (nuint)bytes / HugePage * HugePage, AdviseHugePage);
        }

        return block;
    }

    /// <summary>Gives a block back; null is none.</summary>
    public static void Free(void* block) => NativeMemory.AlignedFree(block);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
