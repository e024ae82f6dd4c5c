using System.Reflection;

namespace Crypson.Tests;

/// <summary>The programs that the generator made of this project's kernels and of the engine's.</summary>
internal static class Programs
{
    public static IReadOnlyDictionary<string, KernelProgram> All { get; } = typeof(Programs).Assembly.GetTypes()
        .Concat(typeof(Device).Assembly.GetTypes())
        .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
        .Where(field => field.FieldType == typeof(KernelProgram))
        .Select(field => (KernelProgram)field.GetValue(null)!)
        .ToDictionary(program => program.Name);
}
