using Crypson.Kernels;

namespace Crypson;

/// <summary>Hands the arguments of a launch to clSetKernelArg. A view is a buffer, an offset and a length.</summary>
internal sealed unsafe class OpenClArguments(OpenClApi api, OpenClDevice device) : KernelArguments
{
    private nint kernel;
    private uint next;

    public void Begin(KernelProgram launched, nint handle)
    {
        Start(launched);
        kernel = handle;
        next = 0;
    }

    public override void Add<T>(T value) => Set(sizeof(T), &value);

    public override void Add<T>(ArrayView<T> view)
    {
        var buffer = Memory(view, device).Address;
        Set(sizeof(nint), &buffer);
        Add(view.Offset);
        Add(view.Length);
    }

    private void Set(int bytes, void* value)
    {
        var status = api.SetKernelArg(kernel, next++, (nuint)bytes, value);
        if (status != 0)
        {
            OpenClError.Check(status, $"clSetKernelArg {next - 1} of {Kernel}");
        }
    }
}
