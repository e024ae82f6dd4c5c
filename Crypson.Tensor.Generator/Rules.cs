using Microsoft.CodeAnalysis;

namespace Crypson.Generator;

/// <summary>What can be wrong with a kernel. docs/kernel-dialect.md has the same table.</summary>
internal static class Rules
{
    public static readonly Dictionary<string, DiagnosticDescriptor> ById = [];

    public static readonly DiagnosticDescriptor Signature = Rule("CRY0001", "The signature of the kernel cannot be lowered");
    public static readonly DiagnosticDescriptor Container = Rule("CRY0002", "The type that holds a kernel must be partial and not generic");
    public static readonly DiagnosticDescriptor Type = Rule("CRY0003", "A type that kernels cannot use");
    public static readonly DiagnosticDescriptor Construct = Rule("CRY0004", "A statement or expression that cannot be lowered");
    public static readonly DiagnosticDescriptor Method = Rule("CRY0005", "A method that kernels cannot call");
    public static readonly DiagnosticDescriptor Recursion = Rule("CRY0006", "Kernels cannot call themselves");
    public static readonly DiagnosticDescriptor StaticField = Rule("CRY0007", "A static field that is not a constant");
    public static readonly DiagnosticDescriptor Allocation = Rule("CRY0008", "An allocation that cannot be laid out at build time");
    public static readonly DiagnosticDescriptor AddressSpace = Rule("CRY0009", "A view that changes its memory");
    public static readonly DiagnosticDescriptor Target = Rule("CRY0010", "Not available in a language that the kernel is lowered to");
    public static readonly DiagnosticDescriptor Barrier = Rule("CRY0011", "Group work in a kernel whose groups the device chooses");
    public static readonly DiagnosticDescriptor Generic = Rule("CRY0012", "A generic kernel without usable type arguments");
    public static readonly DiagnosticDescriptor Checked = Rule("CRY0013", "Checked arithmetic cannot throw in a kernel");
    public static readonly DiagnosticDescriptor Unroll = Rule("CRY0014", "Loop.Unroll is not followed by a loop");
    public static readonly DiagnosticDescriptor Duplicate = Rule("CRY0015", "Two kernels have the same name");

    public static readonly DiagnosticDescriptor Elementwise = Rule("CRY0016", "A function of elements that has no form for vectors");

    private static DiagnosticDescriptor Rule(string id, string title) =>
        ById[id] = new DiagnosticDescriptor(id, title, "{0}: {1}; hint: {2}", "Crypson.Kernels", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
