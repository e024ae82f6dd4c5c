using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Crypson.Generator;

/// <summary>Lowers each method marked [Kernel] to OpenCL C and CUDA C, and adds a method that launches it; writes each function marked [Elementwise] for vectors.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class KernelGenerator : IIncrementalGenerator
{
    /// <summary>The name of the step whose results are compared, for the tests.</summary>
    public const string Step = "Kernels";

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var kernels = context.SyntaxProvider.ForAttributeWithMetadataName(
            "Crypson.Kernels.KernelAttribute",
            static (node, _) => node is MethodDeclarationSyntax,
            static (kernel, cancellation) => KernelReader.Read(kernel, cancellation)).WithTrackingName(Step);

        var functions = context.SyntaxProvider.ForAttributeWithMetadataName(
            "Crypson.Kernels.ElementwiseAttribute",
            static (node, _) => node is MethodDeclarationSyntax,
            static (function, _) => ElementwiseReader.Read(function));

        context.RegisterSourceOutput(kernels, Add);
        context.RegisterSourceOutput(functions, Add);
    }

    private static void Add(SourceProductionContext output, KernelModel kernel)
    {
        foreach (var diagnostic in kernel.Diagnostics)
        {
            output.ReportDiagnostic(diagnostic.ToDiagnostic());
        }

        if (kernel.Code.Length > 0)
        {
            output.AddSource(kernel.Hint, SourceText.From(kernel.Code, Encoding.UTF8));
        }
    }
}
