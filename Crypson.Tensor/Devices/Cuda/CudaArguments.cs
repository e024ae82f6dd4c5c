using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Crypson.Kernels;

namespace Crypson;

/// <summary>Lays the arguments of a launch out for cuLaunchKernel. A view is an address and a length.</summary>
internal sealed unsafe class CudaArguments(CudaDevice device) : KernelArguments, IDisposable
{
    // CUDA allows 4 KiB of parameters, 32,764 bytes since version 12.1.
    private const int MaxBytes = 32768;
    private const int MaxCount = 1024;

    private readonly byte* bytes = (byte*)NativeMemory.AlignedAlloc(MaxBytes, 16);
    private readonly void** pointers = (void**)NativeMemory.AlignedAlloc(MaxCount * (nuint)sizeof(void*), 16);
    private int used;
    private int count;

    public void** Pointers => pointers;

    public void Begin(KernelProgram launched)
    {
        Start(launched);
        used = 0;
        count = 0;
    }

    public override void Add<T>(T value)
    {
        // Alignment to 8 is enough for every type that kernels have.
        used = (used + 7) & ~7;
        if (used + sizeof(T) > MaxBytes || count == MaxCount)
        {
            throw new DriverException($"cuda: the arguments of {Kernel} take more than {MaxBytes} bytes");
        }

        Unsafe.WriteUnaligned(bytes + used, value);
        pointers[count++] = bytes + used;
        used += sizeof(T);
    }

    public override void Add<T>(ArrayView<T> view)
    {
        Add(Memory(view, device).Address + (nint)(view.Offset * sizeof(T)));
        Add(view.Length);
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(bytes);
        NativeMemory.AlignedFree(pointers);
    }
}
