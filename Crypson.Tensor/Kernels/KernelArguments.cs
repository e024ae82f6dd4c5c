namespace Crypson.Kernels;

/// <summary>Takes the arguments of a launch, one after another.</summary>
public abstract class KernelArguments
{
    private protected KernelArguments()
    {
    }

    /// <summary>A number or a struct.</summary>
    public abstract void Add<T>(T value)
        where T : unmanaged;

    /// <summary>A view of memory on the device that launches.</summary>
    public abstract void Add<T>(ArrayView<T> view)
        where T : unmanaged;
}
