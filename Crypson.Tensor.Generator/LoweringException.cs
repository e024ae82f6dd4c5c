using Microsoft.CodeAnalysis;

namespace Crypson.Generator;

/// <summary>Ends the lowering of a statement that has no form in the other language.</summary>
internal sealed class LoweringException(DiagnosticDescriptor rule, SyntaxNode node, string problem, string hint) : Exception(problem)
{
    public DiagnosticDescriptor Rule { get; } = rule;

    public SyntaxNode Node { get; } = node;

    public string Hint { get; } = hint;
}
