using System.Reflection;

namespace Crypson.Tests;

/// <summary>The programs that the generator made.</summary>
internal static class Programs
{
    /// <summary>Those of this project's kernels, by name.</summary>
    public static IReadOnlyDictionary<string, KernelProgram> Own { get; } = Of(typeof(Programs).Assembly).ToDictionary(program => program.Name);

    /// <summary>Those of the engine's kernels too, by assembly and name.</summary>
    public static IReadOnlyDictionary<string, KernelProgram> All { get; } = new[] { typeof(Programs).Assembly, typeof(Device).Assembly }
        .SelectMany(assembly => Of(assembly).Select(program => (Key: $"{assembly.GetName().Name}: {program.Name}", program)))
        .ToDictionary(pair => pair.Key, pair => pair.program);

    private static IEnumerable<KernelProgram> Of(Assembly assembly) => assembly.GetTypes()
        .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
        .Where(field => field.FieldType == typeof(KernelProgram))
        .Select(field => (KernelProgram)field.GetValue(null)!);
}
