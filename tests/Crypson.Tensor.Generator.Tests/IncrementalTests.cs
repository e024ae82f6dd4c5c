using Crypson.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Crypson.Tests;

/// <summary>The generator does again only what an edit has changed.</summary>
public sealed class IncrementalTests
{
    private const string Kernel = """
        using Crypson.Kernels;
        static partial class Kernels
        {
            [Kernel]
            static void K(Index1D i, ArrayView<float> y) => y[i] = Other.Help(i);
        }
        """;

    [Fact]
    public void An_unrelated_edit_writes_nothing_again_and_an_edit_of_a_helper_does()
    {
        var snippet = Snippet.Whole(Kernel, "static class Other { public static float Help(int i) => i + 1f; }");
        var first = Assert.Single(snippet.Run().GeneratedSources);

        Replace(snippet, "static class Other { public static float Help(int i) => i + 1f; public static int Unrelated; }");
        Assert.Equal(IncrementalStepRunReason.Unchanged, Reason(snippet.Run()));

        Replace(snippet, "static class Other { public static float Help(int i) => i + 2f; }");
        var result = snippet.Run();
        Assert.Equal(IncrementalStepRunReason.Modified, Reason(result));
        Assert.NotEqual(first.SourceText.ToString(), Assert.Single(result.GeneratedSources).SourceText.ToString());
    }

    private static void Replace(Snippet snippet, string source)
    {
        var old = snippet.Compilation.SyntaxTrees[1];
        snippet.Compilation = snippet.Compilation.ReplaceSyntaxTree(old, CSharpSyntaxTree.ParseText(source, path: old.FilePath));
    }

    private static IncrementalStepRunReason Reason(GeneratorRunResult result) =>
        result.TrackedSteps[KernelGenerator.Step].Single().Outputs.Single().Reason;
}
