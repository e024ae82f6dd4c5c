using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Crypson.Generator;

/// <summary>A diagnostic without a syntax tree in it, so that it can be compared and kept.</summary>
internal sealed record DiagnosticModel(string Id, string Subject, string Problem, string Hint, string File, TextSpan Span, LinePositionSpan Lines)
{
    public static DiagnosticModel At(DiagnosticDescriptor rule, string subject, SyntaxNode node, string problem, string hint)
    {
        var lines = node.SyntaxTree.GetLineSpan(node.Span);
        return new DiagnosticModel(rule.Id, subject, problem, hint, node.SyntaxTree.FilePath, node.Span, lines.Span);
    }

    public Diagnostic ToDiagnostic() =>
        Diagnostic.Create(Rules.ById[Id], Location.Create(File, Span, Lines), Subject, Problem, Hint);
}
