using Crypson.Generator.Lowering;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Crypson.Generator;

/// <summary>Checks a kernel's declaration, finds its type arguments and lowers it.</summary>
internal sealed class KernelReader
{
    // Of the compiler, about names that it does not find: another generator may make them.
    private static readonly string[] NameErrors = ["CS0103", "CS0117", "CS0234", "CS0246", "CS0426", "CS1061"];

    private readonly GeneratorAttributeSyntaxContext context;
    private readonly CancellationToken cancellation;
    private readonly IMethodSymbol method;
    private readonly MethodDeclarationSyntax syntax;
    private readonly List<DiagnosticModel> problems = [];
    private bool isWrong;

    private KernelReader(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        this.context = context;
        this.cancellation = cancellation;
        method = (IMethodSymbol)context.TargetSymbol;
        syntax = (MethodDeclarationSyntax)context.TargetNode;
    }

    public static KernelModel Read(GeneratorAttributeSyntaxContext context, CancellationToken cancellation) =>
        new KernelReader(context, cancellation).Read();

    private KernelModel Read()
    {
        var code = "";
        try
        {
            code = Write();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Without this, the compiler turns the failure into a warning and drops every launcher.
            Problem(Rules.Construct, syntax, $"the generator failed on it ({e.GetType().Name}: {e.Message})", "cut it into shorter statements and methods, and report the kernel");
        }

        var key = $"{method.ContainingType.ToDisplayString()}.{method.Name}";
        return new KernelModel($"{Names.Safe(key.Replace('.', '_').Replace('<', '_').Replace('>', '_'))}.g.cs", key, code, new([.. problems.Distinct()]));
    }

    private string Write()
    {
        CheckContainer();
        CheckSignature();
        var instances = problems.Count == 0 ? Instances() : [];
        var programs = problems.Count == 0 ? instances.Select(Lower).ToArray() : [];
        return problems.Count == 0 && !isWrong ? new LauncherWriter(method, programs, Source()).Write() : "";
    }

    private string Source()
    {
        var line = syntax.SyntaxTree.GetLineSpan(syntax.Identifier.Span);
        return $"{Path.GetFileName(line.Path)}:{line.StartLinePosition.Line + 1}";
    }

    private void CheckContainer()
    {
        for (var type = syntax.Parent as TypeDeclarationSyntax; type is not null; type = type.Parent as TypeDeclarationSyntax)
        {
            if (!type.Modifiers.Any(SyntaxKind.PartialKeyword) || type.TypeParameterList is not null || type.Modifiers.Any(SyntaxKind.FileKeyword))
            {
                Problem(Rules.Container, syntax.Identifier.Parent!, $"the type {type.Identifier.Text} is {(type.TypeParameterList is not null ? "generic" : type.Modifiers.Any(SyntaxKind.FileKeyword) ? "a file type" : "not partial")}",
                    "put kernels into a static partial class without type parameters");
            }
        }

        if (method.ContainingType.GetMembers(method.Name).OfType<IMethodSymbol>().Count(IsKernel) > 1)
        {
            Problem(Rules.Duplicate, syntax, $"{method.ContainingType.Name} has more kernels with this name", "give each kernel a name of its own");
        }
    }

    private static bool IsKernel(IMethodSymbol candidate) =>
        candidate.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "KernelAttribute" && attribute.AttributeClass.IsDialect());

    private void CheckSignature()
    {
        if (!method.IsStatic || !method.ReturnsVoid || method.IsAsync || method.IsExtern || method.IsAbstract || (syntax.Body is null && syntax.ExpressionBody is null))
        {
            Problem(Rules.Signature, syntax, "it is not a static void method with a body", "results go to views");
        }

        foreach (var parameter in method.Parameters)
        {
            var node = parameter.DeclaringSyntaxReferences[0].GetSyntax(cancellation);
            if (Unknown(parameter.Type) is { } unknown)
            {
                Problem(Rules.Type, node, $"the type {unknown.ToDisplayString()} of the parameter {parameter.Name} is not known here", Kinds.MadeElsewhere);
            }
            else if (parameter.Ordinal > 0 && parameter.Type.IndexRank() > 0)
            {
                Problem(Rules.Signature, node, $"the parameter {parameter.Name} is an index, but not the first parameter",
                    "the first parameter is the position, Index2D and Index3D have more axes; pass sizes as int, or in a struct");
            }
            else if (parameter.RefKind != RefKind.None || parameter.IsParams)
            {
                Problem(Rules.Signature, node, $"the parameter {parameter.Name} is {(parameter.IsParams ? "params" : "a reference")}", "pass numbers and structs by value, and an ArrayView for results");
            }
            else if (parameter.Type is INamedTypeSymbol && HasTuple(parameter.Type.IsView() ? parameter.Type.Element() : parameter.Type))
            {
                Problem(Rules.Signature, node, $"the parameter {parameter.Name} holds a tuple, whose layout is not fixed", "use a struct");
            }
            else if (!parameter.Type.IsUnmanagedType && !parameter.Type.IsView())
            {
                Problem(Rules.Signature, node, $"the parameter {parameter.Name} is of the type {parameter.Type.ToDisplayString()}",
                    parameter.Type is ITypeParameterSymbol ? $"constrain it: where {parameter.Type.Name} : unmanaged" : "use numbers, structs of numbers, and ArrayView<T>");
            }
        }
    }

    /// <summary>The type, or its type argument, that the compilation does not have.</summary>
    private static ITypeSymbol? Unknown(ITypeSymbol type) => type.TypeKind == TypeKind.Error ? type
        : type is INamedTypeSymbol named ? named.TypeArguments.Select(Unknown).FirstOrDefault(argument => argument is not null)
        : null;

    private static bool HasTuple(ITypeSymbol type) => type.IsTupleType
        || (type is INamedTypeSymbol { TypeKind: TypeKind.Struct, SpecialType: SpecialType.None } named
            && ProgramLowering.Fields(named).Any(field => !SymbolEqualityComparer.Default.Equals(field.Type, type) && HasTuple(field.Type)));

    /// <summary>The type arguments to build for: one empty list for a kernel that is not generic.</summary>
    private List<ITypeSymbol[]> Instances()
    {
        if (method.TypeParameters.Length == 0)
        {
            return [[]];
        }

        var given = method.GetAttributes().Where(attribute => attribute.AttributeClass?.Name == "KernelForAttribute" && attribute.AttributeClass.IsDialect())
            .Select(attribute => attribute.ConstructorArguments[0].Values.ToArray()).ToList();
        if (given.Any(types => types.Any(type => type.Value is not ITypeSymbol { TypeKind: not TypeKind.Error })))
        {
            Problem(Rules.Generic, syntax, "KernelFor names a type that is not known here", Kinds.MadeElsewhere);
            return [];
        }

        if (given.Any(types => types.Length != method.TypeParameters.Length))
        {
            Problem(Rules.Generic, syntax, "KernelFor names another number of types than the kernel has type parameters", "name one type per parameter");
            return [];
        }

        var found = given.Count > 0 ? given.Select(types => types.Select(type => (ITypeSymbol)type.Value!).ToArray()).ToList() : Discover();
        if (found.Count == 0 && problems.Count == 0)
        {
            Problem(Rules.Generic, syntax, "there is no type to build it for", "add [KernelFor(typeof(...))], or a struct that implements the constraint's interface");
        }

        return found;
    }

    // Each struct of the project that implements the interfaces of the one type parameter.
    private List<ITypeSymbol[]> Discover()
    {
        var contracts = method.TypeParameters[0].ConstraintTypes.Where(type => type.TypeKind == TypeKind.Interface).ToArray();
        if (method.TypeParameters.Length != 1 || contracts.Length == 0)
        {
            return [];
        }

        var found = new List<ITypeSymbol[]>();
        Visit(context.SemanticModel.Compilation.Assembly.GlobalNamespace);
        return found;

        void Visit(INamespaceOrTypeSymbol container)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var member in container.GetMembers())
            {
                if (member is INamedTypeSymbol { TypeKind: TypeKind.Struct, IsGenericType: false, IsUnmanagedType: true } type
                    && contracts.All(contract => type.AllInterfaces.Contains(contract, SymbolEqualityComparer.Default))
                    && context.SemanticModel.Compilation.IsSymbolAccessibleWithin(type, method.ContainingType))
                {
                    found.Add([type]);
                }

                if (member is INamespaceOrTypeSymbol inner)
                {
                    Visit(inner);
                }
            }
        }
    }

    private LoweredProgram Lower(ITypeSymbol[] types)
    {
        var attribute = context.Attributes[0].NamedArguments.FirstOrDefault(argument => argument.Key == "Targets").Value.Value;
        var targets = attribute is int flags ? flags : 3;
        var name = types.Length == 0 ? method.Name : $"{method.Name}_{string.Join("_", types.Select(type => type.Name))}";
        name = Names.Safe(name);
        var (openCl, cuda) = ((string?)null, (string?)null);
        var (isDouble, isGroup) = (false, false);
        if ((targets & 1) != 0)
        {
            openCl = Lower(new OpenClTarget(), name, types, ref isDouble, ref isGroup);
        }

        if ((targets & 2) != 0)
        {
            cuda = Lower(new CudaTarget(), name, types, ref isDouble, ref isGroup);
        }

        return new LoweredProgram(types, name, openCl, cuda, isDouble, isGroup);
    }

    private string Lower(Target target, string name, ITypeSymbol[] types, ref bool isDouble, ref bool isGroup)
    {
        var lowering = new ProgramLowering(context.SemanticModel.Compilation, target, cancellation);
        var text = lowering.Lower(method, name, types);
        isDouble |= lowering.UsesDouble;
        isGroup |= lowering.UsesGroup;
        foreach (var (rule, node, problem, hint) in lowering.Problems)
        {
            var errors = Errors(node);
            var isUnknown = errors.All(error => NameErrors.Contains(error.Id));
            if (errors.Length == 0 || (isUnknown && hint == Kinds.MadeElsewhere))
            {
                Problem(rule, node, problem, hint);
            }
            else if (isUnknown)
            {
                Problem(Rules.Construct, node, $"`{node}` has a name that is not known here", Kinds.MadeElsewhere);
            }

            // Otherwise the compiler says what is wrong; what follows from it for the lowering would only hide that.
            isWrong |= errors.Length > 0;
        }

        return text;
    }

    // What the compiler finds wrong at a place, without what generators add.
    private Diagnostic[] Errors(SyntaxNode node) =>
    [
        .. context.SemanticModel.Compilation.GetSemanticModel(node.SyntaxTree).GetMethodBodyDiagnostics(node.Span, cancellation)
            .Where(error => error.Severity == DiagnosticSeverity.Error && error.Location.SourceSpan.IntersectsWith(node.Span)),
    ];

    private void Problem(DiagnosticDescriptor rule, SyntaxNode node, string problem, string hint) =>
        problems.Add(DiagnosticModel.At(rule, $"kernel {method.Name}", node is MethodDeclarationSyntax declaration ? declaration.ReturnType : node, problem, hint));
}
