using System.Reflection;
using Crypson.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Crypson.Tests;

/// <summary>A piece of C# that the generator runs on.</summary>
internal sealed class Snippet
{
    private static readonly MetadataReference[] References =
    [
        // The runtime that bench/gpu publishes leaves some of them out.
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(File.Exists)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal) || Path.GetFileName(path) is "netstandard.dll" or "mscorlib.dll")
            .Select(path => MetadataReference.CreateFromFile(path)),
        MetadataReference.CreateFromFile(typeof(Device).Assembly.Location),
    ];

    private GeneratorDriver driver = CSharpGeneratorDriver.Create(
        [new KernelGenerator().AsSourceGenerator()], driverOptions: new GeneratorDriverOptions(default, trackIncrementalGeneratorSteps: true));

    private Snippet(params string[] sources) => Compilation = CSharpCompilation.Create("snippet",
        sources.Select((source, i) => CSharpSyntaxTree.ParseText(source, path: $"Snippet{i}.cs")), References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));

    public CSharpCompilation Compilation { get; set; }

    /// <summary>Members of a partial class that holds kernels.</summary>
    public static Snippet Of(string members) => Whole($$"""
        using System;
        using Crypson.Kernels;

        internal static partial class Kernels
        {
            {{members}}
        }
        """);

    public static Snippet Whole(params string[] sources) => new(sources);

    /// <summary>Runs the generator, again if it ran before.</summary>
    public GeneratorRunResult Run()
    {
        driver = driver.RunGenerators(Compilation);
        return driver.GetRunResult().Results.Single();
    }

    /// <summary>What the generator reports; the snippet itself must be right C#.</summary>
    public Diagnostic[] Diagnostics()
    {
        Assert.Empty(Compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return [.. Run().Diagnostics];
    }

    /// <summary>The snippet with what the generator adds, as an assembly.</summary>
    public Assembly Load()
    {
        var result = Run();
        Assert.Empty(result.Diagnostics);
        using var stream = new MemoryStream();
        var emitted = Compilation.AddSyntaxTrees(result.GeneratedSources.Select(source => source.SyntaxTree)).Emit(stream);
        Assert.Empty(emitted.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return Assembly.Load(stream.ToArray());
    }

    /// <summary>The text of the only kernel in OpenCL C or CUDA C, as the generated C# holds it.</summary>
    public string Text(string language)
    {
        var result = Run();
        Assert.Empty(result.Diagnostics);
        var tree = Assert.Single(result.GeneratedSources).SyntaxTree;
        Assert.Empty(Compilation.AddSyntaxTrees(tree).GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
        var compilation = Compilation.AddSyntaxTrees(tree);
        var model = compilation.GetSemanticModel(tree);
        var arguments = tree.GetRoot().DescendantNodes().OfType<Microsoft.CodeAnalysis.CSharp.Syntax.ImplicitObjectCreationExpressionSyntax>().First().ArgumentList.Arguments;
        return (string)model.GetConstantValue(arguments[language == "opencl" ? 2 : 3].Expression).Value!;
    }
}
