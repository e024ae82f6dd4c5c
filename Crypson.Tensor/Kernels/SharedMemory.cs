namespace Crypson.Kernels;

/// <summary>Memory that the work-items of a group share.</summary>
public static class SharedMemory
{
    /// <summary>A view of new shared memory; what it holds at first is undefined. The length is a constant.</summary>
    public static ArrayView<T> Allocate<T>(int length)
        where T : unmanaged => Lane.Current.AllocateShared<T>(length);
}
