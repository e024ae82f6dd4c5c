using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Crypson.Generator.Lowering;

/// <summary>Lowers one kernel, with the structs and helpers that it uses, to the text of a program.</summary>
internal sealed class ProgramLowering(Compilation compilation, Target target, CancellationToken cancellation)
{
    private readonly Dictionary<string, FunctionInstance?> functions = [];
    private readonly Dictionary<ITypeSymbol, string> structs = new(SymbolEqualityComparer.Default);
    private readonly List<string> runtime = [];
    private readonly StringBuilder structText = new();
    private readonly StringBuilder functionText = new();

    public Target Target => target;

    public ITypeSymbol Boolean { get; } = compilation.GetSpecialType(SpecialType.System_Boolean);

    public ITypeSymbol Special(SpecialType type) => compilation.GetSpecialType(type);

    /// <summary>Names of the program's functions and structs.</summary>
    public Names Names { get; } = new();

    public List<(DiagnosticDescriptor Rule, SyntaxNode Node, string Problem, string Hint)> Problems { get; } = [];

    public bool UsesDouble { get; private set; }

    /// <summary>True when work-items of a group work together.</summary>
    public bool UsesGroup { get; set; }

    /// <summary>The program, or "" when there are problems.</summary>
    public string Lower(IMethodSymbol kernel, string name, IReadOnlyList<ITypeSymbol> typeArguments)
    {
        Names.Unique(name);
        var lowering = new FunctionLowering(this, kernel, Substitution.For(kernel, typeArguments, null), isKernel: true);
        var text = lowering.LowerKernel(name);
        if (Problems.Count > 0)
        {
            return "";
        }

        var program = new StringBuilder(target.Header(UsesDouble));
        Separate(program, structText.ToString());
        foreach (var function in runtime)
        {
            Separate(program, target.Translate(Runtime.Functions[function]));
        }

        Separate(program, functionText.ToString());
        Separate(program, text);
        return program.ToString();
    }

    public IOperation? Operation(SyntaxNode node)
    {
        cancellation.ThrowIfCancellationRequested();
        return compilation.GetSemanticModel(node.SyntaxTree).GetOperation(node, cancellation);
    }

    /// <summary>The name of a function that gives an operation C#'s meaning. Those of the language itself are no matter of the runtime.</summary>
    public string Use(string function)
    {
        if (Runtime.Functions.ContainsKey(function) && !runtime.Contains(function))
        {
            runtime.Add(function);
        }

        return function;
    }

    /// <summary>The type's name in the lowered language.</summary>
    public string TypeName(ITypeSymbol type, SyntaxNode node)
    {
        // A struct that holds itself is an error of C#, but the compiler asks before it says so.
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (type.TypeKind == TypeKind.Error)
        {
            throw new LoweringException(Rules.Type, node, $"the type {type.ToDisplayString()} is not known here", Kinds.MadeElsewhere);
        }

        var number = type.Number();
        if (number == SpecialType.System_Double)
        {
            UsesDouble = true;
        }

        if (number.IsScalar() || number == SpecialType.System_Void)
        {
            return target.Scalar(number);
        }

        if (type.IsVector())
        {
            return target.Vector(type.VectorCount()) ?? throw new LoweringException(Rules.Target, node, $"{target.Name} C has no vectors of {type.VectorCount()} floats ({type.Name})",
                "use Float32x4, or mark the kernel [Kernel(Targets = KernelTargets.OpenCl)] and write another for GPUs");
        }

        if (structs.TryGetValue(type, out var name))
        {
            return name;
        }

        if (type is not INamedTypeSymbol { TypeKind: TypeKind.Struct } named || !type.IsUnmanagedType || type.IsView() || !CanBeStruct(named))
        {
            var hint = type.IsView() ? "pass the view itself, as a parameter or a variable"
                : type.SpecialType == SpecialType.System_Decimal || type.Name is "Half" or "Int128" or "UInt128" || type.SpecialType is SpecialType.System_IntPtr or SpecialType.System_UIntPtr
                    ? "use float, double, or an integer of 8 to 64 bits"
                : type.IsReferenceType ? "use numbers, structs of numbers, and ArrayView<T>"
                : "use numbers, structs of this project with fields of such types, and tuples";
            throw new LoweringException(Rules.Type, node, $"the type {type.ToDisplayString()} does not exist in kernels", hint);
        }

        var fields = new StringBuilder();
        for (var axis = 0; axis < named.IndexRank(); axis++)
        {
            fields.Append($"    {target.Scalar(SpecialType.System_Int32)} {"XYZ"[axis]};\n");
        }

        foreach (var field in named.IndexRank() > 0 ? [] : Fields(named))
        {
            fields.Append($"    {TypeName(field.Type, node)} {FieldName(field)};\n");
        }

        // An empty struct has one byte in C# and none in C.
        if (fields.Length == 0)
        {
            fields.Append($"    {target.Scalar(SpecialType.System_Byte)} nothing;\n");
        }

        structs[type] = name = Names.Unique(named.IsTupleType ? "Tuple" : named.Name);
        structText.Append($"typedef struct\n{{\n{fields}}} {name};\n\n");
        return name;
    }

    public static IEnumerable<IFieldSymbol> Fields(INamedTypeSymbol type) =>
        type.GetMembers().OfType<IFieldSymbol>().Where(field => !field.IsStatic && !field.IsConst && (!type.IsTupleType || SymbolEqualityComparer.Default.Equals(field.CorrespondingTupleField ?? field, field)));

    public static string FieldName(IFieldSymbol field) =>
        Names.Safe((field.AssociatedSymbol ?? field.CorrespondingTupleField ?? field).Name);

    /// <summary>The function for a method; lowered when it is first asked for.</summary>
    public FunctionInstance Function(IMethodSymbol method, Substitution types, string key, string name, Func<FunctionLowering, string, string> lower, SyntaxNode node)
    {
        if (functions.TryGetValue(key, out var known))
        {
            return known ?? throw new LoweringException(
                Rules.Recursion, node, $"{method.Spelling()} calls itself", "write a loop; GPUs have no call stack for recursion");
        }

        functions[key] = null;
        var unique = Names.Unique(name);
        var lowering = new FunctionLowering(this, method, types, isKernel: false);
        functionText.Append(lower(lowering, unique)).Append('\n');
        var instance = new FunctionInstance(unique, lowering.HasEffects);
        functions[key] = instance;
        return instance;
    }

    private static bool CanBeStruct(INamedTypeSymbol type)
    {
        if (type.IsTupleType)
        {
            return true;
        }

        if (type.IndexRank() > 0)
        {
            return true;
        }

        if (type.DeclaringSyntaxReferences.Length == 0 || type.DeclaringSyntaxReferences[0].GetSyntax() is not TypeDeclarationSyntax)
        {
            return false;
        }

        return !type.GetAttributes().Any(attribute => attribute.AttributeClass?.Name is "StructLayoutAttribute" or "InlineArrayAttribute")
            && !type.GetMembers().OfType<IFieldSymbol>().Any(field => field.IsFixedSizeBuffer);
    }

    private static void Separate(StringBuilder program, string part)
    {
        part = part.TrimEnd('\n');
        if (part.Length > 0)
        {
            program.Append(program.Length > 0 ? "\n" : "").Append(part).Append('\n');
        }
    }
}
