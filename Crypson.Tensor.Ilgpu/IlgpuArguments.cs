extern alias engine;

using Crypson.Kernels;
using engine::Crypson.Kernels;

namespace Crypson;

/// <summary>Collects the arguments of a launch for ILGPU: our views become views of its buffers.</summary>
internal sealed class IlgpuArguments(IlgpuDevice device) : KernelArguments
{
    private readonly List<object> values = [];
    private KernelProgram? program;
    private int skipped;

    public object[] Values => [.. values];

    /// <summary>Starts a launch. The first <paramref name="rank"/> numbers are the extent, which ILGPU takes as an index.</summary>
    public IlgpuArguments Begin(KernelProgram launched, int rank)
    {
        program = launched;
        skipped = rank;
        values.Clear();
        return this;
    }

    public override void Add<T>(T value)
    {
        if (skipped-- <= 0)
        {
            values.Add(NumbersOnly.Value(value));
        }
    }

    public override void Add<T>(engine::Crypson.Kernels.ArrayView<T> view)
    {
        if (view.Storage is not { } storage || storage.Device != device)
        {
            throw new ArgumentException(
                $"{program?.Name}: argument {values.Count} is a view of {view.Storage?.Device.Name ?? "no device's"} memory, the launch is on {device.Name}");
        }

        values.Add(device.View<T>(storage, view.Offset, view.Length));
    }
}
