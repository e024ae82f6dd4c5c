namespace Crypson.Kernels;

/// <summary>A kernel with its arguments, as a generated launcher hands it to a device.</summary>
public interface IKernelCall
{
    /// <summary>Runs one work-item as plain C#.</summary>
    void Execute(Index3D index);

    /// <summary>Writes the arguments, in the order of the kernel's text.</summary>
    void Write(KernelArguments arguments);
}
