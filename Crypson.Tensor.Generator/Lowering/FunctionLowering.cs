using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Crypson.Generator.Lowering;

/// <summary>
/// Lowers one method. C# evaluates from left to right, C in any order: so an expression becomes text that changes
/// nothing, and whatever does change something becomes a statement before it. An operand that was read before such a
/// statement is kept in a variable first (<see cref="InOrder"/>).
/// </summary>
internal sealed partial class FunctionLowering(ProgramLowering program, IMethodSymbol method, Substitution types, bool isKernel)
{
    private readonly Target target = program.Target;
    private readonly Names names = new(program.Names);
    private readonly Dictionary<ISymbol, Binding> bindings = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> written = new(SymbolEqualityComparer.Default);
    private readonly List<string> top = [];
    private readonly Stack<Value> receivers = new();
    private List<string> lines = [];
    private Binding? self;
    private int depth = 1;

    /// <summary>True when the function changes something that its caller sees.</summary>
    public bool HasEffects { get; private set; }

    private bool IsExtentKernel => isKernel && method.Parameters.Length > 0 && method.Parameters[0].Type.IndexRank() > 0;

    /// <summary>The kernel's own function.</summary>
    public string LowerKernel(string name)
    {
        var parameters = new List<string>();
        try
        {
            var start = 0;
            if (IsExtentKernel)
            {
                DeclarePosition(method.Parameters[0], parameters);
                start = 1;
            }

            for (var i = start; i < method.Parameters.Length; i++)
            {
                DeclareKernelParameter(method.Parameters[i], parameters);
            }

            LowerBody(Body(method));
        }
        catch (LoweringException e)
        {
            Report(e);
        }

        return Assemble($"{target.Kernel}{name}", parameters);
    }

    /// <summary>A helper's function; the arguments say in which memory each view and reference is.</summary>
    public string LowerHelper(string name, IReadOnlyList<AddressSpace> spaces, (AddressSpace Space, bool ByValue)? instance)
    {
        var parameters = new List<string>();
        var returnType = method.MethodKind == MethodKind.Constructor ? method.ContainingType : types.Apply(method.ReturnType);
        try
        {
            if (method.ReturnsByRef || method.ReturnsByRefReadonly || returnType.IsView())
            {
                throw new LoweringException(Rules.AddressSpace, Declaration(method), $"{method.Spelling()} returns a {(returnType.IsView() ? "view" : "reference")}",
                    "take the view as a parameter and return the position");
            }

            if (instance is { } receiver)
            {
                var type = types.Apply(method.ContainingType);
                self = new Binding(names.Unique("self"), type, !receiver.ByValue, receiver.Space);
                parameters.Add(receiver.ByValue ? $"{TypeName(type)} {self.Name}" : $"{target.Space(receiver.Space)}{TypeName(type)}* {self.Name}");
            }

            for (var i = 0; i < method.Parameters.Length; i++)
            {
                DeclareHelperParameter(method.Parameters[i], spaces[i], parameters);
            }

            if (method.MethodKind == MethodKind.Constructor)
            {
                LowerConstructor();
            }
            else
            {
                LowerBody(Body(method));
            }
        }
        catch (LoweringException e)
        {
            Report(e);
        }

        string typeName;
        try
        {
            typeName = program.TypeName(returnType, Declaration(method));
        }
        catch (LoweringException e)
        {
            Report(e);
            typeName = "void";
        }

        return Assemble($"{target.Function}{typeName} {name}", parameters);
    }

    private static SyntaxNode Declaration(IMethodSymbol symbol) => symbol.DeclaringSyntaxReferences[0].GetSyntax() switch
    {
        MethodDeclarationSyntax declaration => declaration.ReturnType,
        var node => node,
    };

    private IOperation Body(IMethodSymbol symbol)
    {
        var implementation = symbol.PartialImplementationPart ?? symbol;
        var operation = program.Operation(implementation.DeclaringSyntaxReferences[0].GetSyntax());
        IOperation? body = operation switch
        {
            IMethodBodyBaseOperation both => both.BlockBody ?? both.ExpressionBody,
            ILocalFunctionOperation local => local.Body,
            IBlockOperation block => block,
            _ => null,
        };
        return body ?? throw new LoweringException(Rules.Method, Declaration(symbol), $"{symbol.Spelling()} has no body", "give the method a body in C#");
    }

    private string Assemble(string head, List<string> parameters)
    {
        var text = new StringBuilder($"{head}({string.Join(", ", parameters)})\n{{\n");
        foreach (var line in top.Concat(lines))
        {
            text.Append(line).Append('\n');
        }

        return text.Append("}\n").ToString();
    }

    private void DeclarePosition(IParameterSymbol parameter, List<string> parameters)
    {
        var rank = parameter.Type.IndexRank();
        var unsigned = target.Scalar(SpecialType.System_UInt32);
        var (letters, positions) = (new[] { "x", "y", "z" }, new List<string>());
        for (var axis = 0; axis < rank; axis++)
        {
            var extent = names.Unique($"extent_{letters[axis]}");
            parameters.Add($"int {extent}");
            var position = names.Unique(rank == 1 ? parameter.Name : $"{parameter.Name}_{letters[axis]}");
            positions.Add(position);
            Line($"int {position} = {target.Global(axis)};");

            // Groups may reach beyond the extent, even beyond the largest int.
            Line($"if (({unsigned}){position} >= ({unsigned}){extent})");
            Line("{");
            Line("    return;");
            Line("}");
        }

        if (rank == 1)
        {
            bindings[parameter] = new Binding(positions[0], parameter.Type);
            return;
        }

        var name = names.Unique(parameter.Name);
        Line($"{TypeName(parameter.Type)} {name} = {{{string.Join(", ", positions)}}};");
        bindings[parameter] = new Binding(name, parameter.Type);
    }

    private void DeclareKernelParameter(IParameterSymbol parameter, List<string> parameters)
    {
        var type = types.Apply(parameter.Type);
        var name = names.Unique(parameter.Name);
        var node = parameter.DeclaringSyntaxReferences[0].GetSyntax();
        if (!type.IsView())
        {
            parameters.Add($"{program.TypeName(type, node)} {name}");
            bindings[parameter] = new Binding(name, type);
            return;
        }

        var element = program.TypeName(type.Element(), node);
        var length = names.Unique($"{name}_length");
        var longType = target.Scalar(SpecialType.System_Int64);
        if (target is CudaTarget)
        {
            parameters.Add($"{element}* {name}");
        }
        else
        {
            // A buffer has no address on the host, so a view's offset is an argument of its own.
            var (buffer, offset) = (names.Unique($"{name}_buffer"), names.Unique($"{name}_offset"));
            parameters.Add($"{target.Space(AddressSpace.Global)}{element}* {buffer}");
            parameters.Add($"{longType} {offset}");
            top.Add($"    {target.Space(AddressSpace.Global)}{element}* {name} = {buffer} + {offset};");
        }

        parameters.Add($"{longType} {length}");
        bindings[parameter] = new Binding(name, type, false, AddressSpace.Global, length);
    }

    private void DeclareHelperParameter(IParameterSymbol parameter, AddressSpace space, List<string> parameters)
    {
        var type = types.Apply(parameter.Type);
        var name = names.Unique(parameter.Name);

        // The parameters of an accessor are not written at it.
        var node = parameter.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() ?? Declaration(method);
        if (type.IsView())
        {
            if (parameter.RefKind != RefKind.None)
            {
                throw new LoweringException(Rules.Type, node, $"{parameter.Name} is a reference to a view", "pass the view by value");
            }

            var length = names.Unique($"{name}_length");
            parameters.Add($"{target.Space(space)}{program.TypeName(type.Element(), node)}* {name}");
            parameters.Add($"{target.Scalar(SpecialType.System_Int64)} {length}");
            bindings[parameter] = new Binding(name, type, false, space, length);
        }
        else if (parameter.RefKind != RefKind.None)
        {
            parameters.Add($"{target.Space(space)}{program.TypeName(type, node)}* {name}");
            bindings[parameter] = new Binding(name, type, true, space);
        }
        else
        {
            parameters.Add($"{program.TypeName(type, node)} {name}");
            bindings[parameter] = new Binding(name, type);
        }
    }

    private void LowerBody(IOperation body)
    {
        FindWritten(body);
        if (body is IBlockOperation block)
        {
            LowerStatements(block.Operations);
        }
        else
        {
            Statement(body);
        }
    }

    private void LowerConstructor()
    {
        var type = types.Apply(method.ContainingType);
        var name = names.Unique("self");
        self = new Binding(name, type);
        Line($"{TypeName(type)} {name} = {{0}};");
        foreach (var field in ProgramLowering.Fields((INamedTypeSymbol)type))
        {
            if (Initial(field) is { } value)
            {
                Line($"{name}.{ProgramLowering.FieldName(field)} = {value.Text};");
            }
        }

        if (method.DeclaringSyntaxReferences[0].GetSyntax() is ConstructorDeclarationSyntax declaration
            && program.Operation(declaration) is IConstructorBodyOperation body)
        {
            if (body.Initializer is not null)
            {
                throw Unsupported(body.Initializer, "a constructor that calls another", "assign the fields in each constructor");
            }

            LowerBody((body.BlockBody ?? body.ExpressionBody)!);
        }

        Line($"return {name};");
    }

    // What a field gets before the constructor's body: its initializer, or the parameter of a positional record.
    private Value? Initial(IFieldSymbol field)
    {
        ISymbol declared = field.AssociatedSymbol ?? field;
        var clause = declared.OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() switch
        {
            VariableDeclaratorSyntax declarator => declarator.Initializer,
            PropertyDeclarationSyntax property => property.Initializer,
            _ => null,
        };
        if (clause is not null && program.Operation(clause) is ISymbolInitializerOperation initializer)
        {
            return Lower(initializer.Value);
        }

        var isPrimary = method.DeclaringSyntaxReferences[0].GetSyntax() is TypeDeclarationSyntax;
        return isPrimary && field.ContainingType.IsRecord && method.Parameters.FirstOrDefault(parameter => parameter.Name == declared.Name) is { } positional
            ? Read(Bound(positional, Declaration(method)))
            : null;
    }

    // Variables that are assigned after their declaration: reading them too late could read another value.
    private void FindWritten(IOperation body)
    {
        foreach (var operation in body.DescendantsAndSelf())
        {
            switch (operation)
            {
                case IDeconstructionAssignmentOperation deconstruction:
                    foreach (var element in deconstruction.Target.DescendantsAndSelf())
                    {
                        Note(element);
                    }

                    break;
                case IAssignmentOperation assignment:
                    Note(assignment.Target);
                    break;
                case IIncrementOrDecrementOperation step:
                    Note(step.Target);
                    break;
                case IArgumentOperation { Parameter.RefKind: not RefKind.None } argument:
                    Note(argument.Value);
                    break;
                case IInvocationOperation { Instance: { } instance }:
                    Note(instance);
                    break;
                case IVariableDeclaratorOperation { Symbol.RefKind: not RefKind.None, Initializer.Value: { } referenced }:
                    Note(referenced);
                    break;
            }
        }

        void Note(IOperation? place)
        {
            while (place is IFieldReferenceOperation or IPropertyReferenceOperation or IDeclarationExpressionOperation)
            {
                place = place switch
                {
                    IFieldReferenceOperation field => field.Instance,
                    IPropertyReferenceOperation property => property.Instance,
                    IDeclarationExpressionOperation declaration => declaration.Expression,
                    _ => null,
                };
            }

            // An element that is assigned leaves the view as it is.
            if (place?.Type is { } type && types.Apply(type).IsView())
            {
                return;
            }

            switch (place)
            {
                case ILocalReferenceOperation local:
                    written.Add(local.Local);
                    break;
                case IParameterReferenceOperation parameter:
                    written.Add(parameter.Parameter);
                    break;
            }
        }
    }

    private string TypeName(ITypeSymbol type, IOperation? at = null) => program.TypeName(type, at?.Syntax ?? Declaration(method));

    private ITypeSymbol TypeOf(IOperation operation) => types.Apply(operation.Type!);

    private void Line(string text) => lines.Add(new string(' ', 4 * depth) + text);

    // A variable whose declaration was refused needs no second report.
    private void Report(LoweringException e)
    {
        if (e.Message.Length > 0)
        {
            program.Problems.Add((e.Rule, e.Node, e.Message, e.Hint));
        }
    }

    private Binding Bound(ISymbol symbol, SyntaxNode node) => bindings.TryGetValue(symbol, out var binding)
        ? binding
        : throw new LoweringException(Rules.Construct, node, program.Problems.Count > 0 ? "" : $"{symbol.Name} comes from outside the method", "pass it as a parameter");

    /// <summary>Runs an action with its own list of lines and returns what it wrote.</summary>
    private List<string> Capture(Action action, int deeper = 0)
    {
        var outer = lines;
        lines = [];
        depth += deeper;
        try
        {
            action();
            return lines;
        }
        finally
        {
            lines = outer;
            depth -= deeper;
        }
    }

    private static LoweringException Unsupported(IOperation operation, string what, string hint) =>
        new(Rules.Construct, operation.Syntax, $"{what} cannot be lowered", hint);

    /// <summary>The code as it is written, its first line.</summary>
    private static string Quote(IOperation operation) => $"`{operation.Syntax.ToString().Split('\n')[0].TrimEnd()}`";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
