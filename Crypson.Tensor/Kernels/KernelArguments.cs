namespace Crypson.Kernels;

/// <summary>Takes the arguments of a launch, one after another.</summary>
public abstract class KernelArguments
{
    private KernelProgram? program;
    private int views;

    private protected KernelArguments()
    {
    }

    /// <summary>What is launched.</summary>
    private protected string Kernel => program?.Name ?? "";

    /// <summary>A number or a struct.</summary>
    public abstract void Add<T>(T value)
        where T : unmanaged;

    /// <summary>A view of memory on the device that launches.</summary>
    public abstract void Add<T>(ArrayView<T> view)
        where T : unmanaged;

    /// <summary>Starts a launch.</summary>
    private protected void Start(KernelProgram program) => (this.program, views) = (program, 0);

    /// <summary>The memory of the next view, if the device may use it.</summary>
    /// <exception cref="ArgumentException">There is none, or it is another device's.</exception>
    /// <exception cref="ObjectDisposedException">It was freed.</exception>
    private protected Storage Memory<T>(ArrayView<T> view, Device device)
        where T : unmanaged
    {
        views++;
        if (view.Storage is not { } storage || storage.Device != device)
        {
            throw new ArgumentException(
                $"{Kernel}: view {views} of its arguments is {view.Storage?.Device.Name ?? "no device's"} memory, the launch is on {device.Name}");
        }

        return storage.IsFree
            ? throw new ObjectDisposedException(null, $"{Kernel}: view {views} of its arguments is memory that was freed")
            : storage;
    }
}
