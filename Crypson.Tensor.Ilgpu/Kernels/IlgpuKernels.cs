extern alias engine;

using System.Reflection;
using ILGPU.Backends;
using ILGPU.Runtime;
using KernelProgram = engine::Crypson.Kernels.KernelProgram;

namespace Crypson.Kernels;

/// <summary>
/// Finds the method for a launch and lets ILGPU compile it. A launcher hands over a struct <c>NameCall</c> that is nested in
/// the kernel's class; the method is the one called <c>Name</c> in the class of that name here, with the same type arguments.
/// </summary>
internal sealed class IlgpuKernels(Accelerator accelerator)
{
    private const string Suffix = "Call";
    private const BindingFlags Anywhere = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
    private readonly Dictionary<Type, IlgpuKernel> loaded = [];

    public IlgpuKernel Get(Type call, KernelProgram program, string device)
    {
        if (!loaded.TryGetValue(call, out var kernel))
        {
            loaded[call] = kernel = Load(call, program, device);
        }

        return kernel;
    }

    /// <summary>The method of this assembly that a launcher's struct stands for, or null.</summary>
    internal static MethodInfo? Find(Type call)
    {
        var name = call.Name.Split('`')[0];
        var method = call.DeclaringType is { } container && name.EndsWith(Suffix, StringComparison.Ordinal)
            ? typeof(IlgpuKernels).Assembly.GetType(container.FullName!)?.GetMethod(name[..^Suffix.Length], Anywhere)
            : null;
        return call.IsGenericType ? method?.MakeGenericMethod(call.GetGenericArguments()) : method;
    }

    private IlgpuKernel Load(Type call, KernelProgram program, string device)
    {
        var method = Find(call) ?? throw new NotSupportedException($"{program.Name}: {program.Source} is not compiled for device {device}");
        var parameters = method.GetParameters();
        var rank = Rank(parameters[0].ParameterType);
        Type[] arguments = [.. parameters.Skip(rank == 0 ? 0 : 1).Select(parameter => parameter.ParameterType)];
        try
        {
            var entry = NumbersOnly.Entry(method);
            return new IlgpuKernel(rank == 0 ? accelerator.LoadKernel(entry) : accelerator.LoadAutoGroupedKernel(entry), rank, arguments);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new NotSupportedException($"{device}: ILGPU does not build {program.Name} ({program.Source}): {e.GetBaseException().Message}{Hint(e)}", e);
        }
    }

    private static string Hint(Exception e) => e.GetBaseException() is NotSupportedIntrinsicException
        ? "\n  hint: set CUDA_HOME to the CUDA toolkit, whose libdevice has exp, log and pow"
        : "";

    private static int Rank(Type first) => first == typeof(Index1D) ? 1 : first == typeof(Index2D) ? 2 : first == typeof(Index3D) ? 3 : 0;
}
