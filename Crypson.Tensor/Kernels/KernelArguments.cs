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

    /// <summary>The memory of the argument at a position, if the device may use it.</summary>
    /// <exception cref="ArgumentException">There is none, or it is another device's.</exception>
    /// <exception cref="ObjectDisposedException">It was freed.</exception>
    private protected static Storage Memory<T>(ArrayView<T> view, Device device, KernelProgram? program, int position)
        where T : unmanaged
    {
        if (view.Storage is not { } storage || storage.Device != device)
        {
            throw new ArgumentException(
                $"{program?.Name}: argument {position} is a view of {view.Storage?.Device.Name ?? "no device's"} memory, the launch is on {device.Name}");
        }

        return storage.IsFree ? throw new ObjectDisposedException(null, $"{program?.Name}: argument {position} is a view of memory that was freed") : storage;
    }
}
