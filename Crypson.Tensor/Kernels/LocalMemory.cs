namespace Crypson.Kernels;

/// <summary>Memory of one work-item: registers, if the compiler can.</summary>
public static class LocalMemory
{
    /// <summary>A view of new memory; what it holds at first is undefined. The length is a constant.</summary>
    public static ArrayView<T> Allocate<T>(int length)
        where T : unmanaged => Lane.Current.AllocateLocal<T>(length);
}
