namespace Crypson.Generator.Lowering;

/// <summary>An expression in the lowered language. Evaluating it changes nothing: what changes something is a statement before it.</summary>
/// <param name="Text">The expression; for a view, its pointer.</param>
/// <param name="Type">Its type.</param>
/// <param name="IsStable">True when nothing that runs later can change its value.</param>
/// <param name="IsAtom">True when it needs no parentheses as an operand.</param>
internal sealed record Value(string Text, Microsoft.CodeAnalysis.ITypeSymbol Type, bool IsStable = false, bool IsAtom = false)
{
    /// <summary>The number of elements, for a view.</summary>
    public string? Length { get; init; }

    /// <summary>The memory that a view or a place is in.</summary>
    public AddressSpace Space { get; init; }

    /// <summary>True when it can be assigned to and its address taken.</summary>
    public bool IsPlace { get; init; }

    /// <summary>True for a place that others may see: an element of a view, what a reference points to.</summary>
    public bool IsShared { get; init; }

    /// <summary>The same number as an unsigned one, when the text is a cast of it.</summary>
    public string? Unsigned { get; init; }

    /// <summary>The expression as an operand.</summary>
    public string Operand => IsAtom ? Text : $"({Text})";
}
