using Microsoft.CodeAnalysis;

namespace Crypson.Generator.Lowering;

/// <summary>What a C# variable is in the lowered language.</summary>
/// <param name="Name">The variable; for a view or a reference, the pointer.</param>
/// <param name="Type">The type of the value; for a reference, what it points to.</param>
/// <param name="IsReference">True when the variable is a pointer to the value.</param>
/// <param name="Space">The memory that a view or reference points to.</param>
/// <param name="Length">The variable with the length, for a view.</param>
internal sealed record Binding(string Name, ITypeSymbol Type, bool IsReference = false, AddressSpace Space = AddressSpace.Private, string? Length = null);
