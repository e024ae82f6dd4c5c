extern alias engine;

using System.Reflection;
using System.Runtime.CompilerServices;
using Crypson.Kernels;
using engine::Crypson.Kernels;

namespace Crypson;

/// <summary>Collects the arguments of a launch for ILGPU: our views become views of its buffers.</summary>
internal sealed class IlgpuArguments(IlgpuDevice device) : KernelArguments
{
    private static readonly MethodInfo BitCast = typeof(Unsafe).GetMethod(nameof(Unsafe.BitCast))!;

    private readonly List<object> values = [];
    private IlgpuKernel? kernel;
    private int numbersOfExtent;

    public object[] Values => [.. values];

    /// <summary>Starts a launch.</summary>
    public IlgpuArguments Begin(KernelProgram launched, IlgpuKernel compiled)
    {
        Start(launched);
        kernel = compiled;
        numbersOfExtent = compiled.Rank;
        values.Clear();
        return this;
    }

    public override void Add<T>(T value)
    {
        // The extent comes first; ILGPU takes it as an index.
        if (numbersOfExtent > 0)
        {
            numbersOfExtent--;
            return;
        }

        // A struct that is declared in a kernel file is another type here, of the same fields.
        var taken = kernel!.Arguments[values.Count];
        values.Add(taken == typeof(T) ? NumbersOnly.Value(value) : BitCast.MakeGenericMethod(typeof(T), taken).Invoke(null, [value])!);
    }

    public override void Add<T>(engine::Crypson.Kernels.ArrayView<T> view)
    {
        var storage = Memory(view, device);
        values.Add(device.View<T>(storage, view.Offset, view.Length));
    }
}
