using System.Reflection;
using System.Reflection.Emit;

namespace Crypson.Kernels;

/// <summary>
/// ILGPU takes no bool or char as a kernel's argument. A kernel that has some gets a method beside it, made at run time,
/// that takes them as numbers and calls the kernel.
/// </summary>
internal static class NumbersOnly
{
    private static readonly ModuleBuilder Module =
        AssemblyBuilder.DefineDynamicAssembly(new AssemblyName(Context.RuntimeAssemblyName), AssemblyBuilderAccess.Run).DefineDynamicModule("Kernels");

    /// <summary>The kernel itself if it has no bool or char, otherwise a method that calls it.</summary>
    public static MethodInfo Entry(MethodInfo kernel)
    {
        Type[] given = [.. kernel.GetParameters().Select(parameter => parameter.ParameterType)];
        Type[] taken = [.. given.Select(type => type == typeof(bool) ? typeof(byte) : type == typeof(char) ? typeof(ushort) : type)];
        if (given.SequenceEqual(taken))
        {
            return kernel;
        }

        // On the evaluation stack a bool or a char is an int, as a byte or a ushort is.
        var type = Module.DefineType($"Entry{Guid.NewGuid():N}", TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed);
        var method = type.DefineMethod(kernel.Name, MethodAttributes.Public | MethodAttributes.Static, typeof(void), taken);
        var code = method.GetILGenerator();
        for (var i = 0; i < taken.Length; i++)
        {
            code.Emit(OpCodes.Ldarg, (short)i);
        }

        code.Emit(OpCodes.Call, kernel);
        code.Emit(OpCodes.Ret);
        return type.CreateType().GetMethod(kernel.Name)!;
    }

    /// <summary>An argument as <see cref="Entry"/> takes it.</summary>
    public static object Value<T>(T value)
        where T : unmanaged => value switch
        {
            bool flag => flag ? (byte)1 : (byte)0,
            char letter => (ushort)letter,
            _ => value,
        };
}
