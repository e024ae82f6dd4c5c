using System.Runtime.InteropServices;

namespace Crypson.Kernels;

/// <summary>The work-item that this thread plays while a kernel runs as plain C#.</summary>
internal sealed unsafe class Lane : IDisposable
{
    // Memory that C# hands out is filled with this, so that a kernel which trusts in zeros fails in plain C# too.
    private const byte Poison = 0xCD;

    [ThreadStatic]
    private static Lane? current;

    private readonly List<nint> own = [];
    private int sharedUsed;

    /// <summary>This thread's work-item; one alone in its group, when no kernel runs.</summary>
    public static Lane Current => current ??= new Lane();

    public KernelConfig Config { get; private set; } = new(1, 1);

    public Index3D GroupIndex { get; private set; }

    public Index3D Index { get; private set; }

    public GroupOfLanes? Group { get; set; }

    public int LinearIndex => Index.X + Config.GroupDim.X * (Index.Y + Config.GroupDim.Y * Index.Z);

    public void Enter(KernelConfig config, Index3D group, Index3D lane)
    {
        Config = config;
        GroupIndex = group;
        Index = lane;
        sharedUsed = 0;
        Release();
    }

    public ArrayView<T> AllocateLocal<T>(int length)
        where T : unmanaged
    {
        var block = Block((long)length * sizeof(T));
        own.Add(block);
        return new ArrayView<T>((T*)block, length);
    }

    /// <summary>The n-th allocation of each work-item of a group is the same memory.</summary>
    public ArrayView<T> AllocateShared<T>(int length)
        where T : unmanaged => Group is null
        ? AllocateLocal<T>(length)
        : new ArrayView<T>((T*)Group.Shared(sharedUsed++, (long)length * sizeof(T)), length);

    public void Dispose() => Release();

    internal static nint Block(long bytes)
    {
        var block = NativeMemory.AlignedAlloc((nuint)Math.Max(1, bytes), 64);
        NativeMemory.Fill(block, (nuint)bytes, Poison);
        return (nint)block;
    }

    internal static void FreeBlock(nint block) => NativeMemory.AlignedFree((void*)block);

    private void Release()
    {
        foreach (var block in own)
        {
            FreeBlock(block);
        }

        own.Clear();
    }
}
