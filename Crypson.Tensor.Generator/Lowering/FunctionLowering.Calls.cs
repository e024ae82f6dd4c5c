using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Crypson.Generator.Lowering;

/// <summary>Calls of methods with source: each becomes a function of the program.</summary>
internal sealed partial class FunctionLowering
{
    private Value? Invoke(IInvocationOperation invocation, bool needsValue)
    {
        var called = invocation.TargetMethod;
        if (called.IsDialect() && Dialect(invocation, out var value))
        {
            return value;
        }

        if (Mathematics.Covers(called))
        {
            return MathCall(invocation);
        }

        var resolved = Resolve(called, invocation.ConstrainedToType ?? invocation.Instance?.Type, invocation);
        return Call(resolved, null, invocation.Instance, invocation.Arguments, invocation, needsValue);
    }

    /// <summary>The method that a struct has for an interface's method, when a type parameter stands for the struct.</summary>
    private IMethodSymbol Resolve(IMethodSymbol called, ITypeSymbol? receiver, IOperation at)
    {
        if (called.ContainingType?.TypeKind != TypeKind.Interface)
        {
            return called;
        }

        var concrete = receiver is null ? null : types.Apply(receiver);
        if (concrete is null or ITypeParameterSymbol || concrete.TypeKind == TypeKind.Interface)
        {
            throw new LoweringException(Rules.Method, at.Syntax, $"{called.Spelling()} is called on an interface", "call it on a type parameter with the interface as its constraint");
        }

        var contract = types.Apply(called.ContainingType).GetMembers(called.Name).OfType<IMethodSymbol>()
            .First(member => SymbolEqualityComparer.Default.Equals(member.OriginalDefinition, called.OriginalDefinition));
        if (concrete.FindImplementationForInterfaceMember(contract) is not IMethodSymbol found || found.ContainingType.TypeKind == TypeKind.Interface)
        {
            throw new LoweringException(Rules.Method, at.Syntax, $"{concrete.ToDisplayString()} has no own {called.Spelling()}", "implement it in the struct");
        }

        return called.TypeArguments.Length > 0 ? found.Construct([.. called.TypeArguments]) : found;
    }

    private Value? Call(IMethodSymbol called, ITypeSymbol? container, IOperation? instance, IReadOnlyList<IOperation> operands, IOperation at)
    {
        _ = container;
        return Call(called, null, instance, [.. operands.Select((operand, i) => (called.Parameters[i], operand))], at, needsValue: true);
    }

    private Value? Call(
        IMethodSymbol called, ITypeSymbol? container, IOperation? instance, IEnumerable<IArgumentOperation> arguments, IOperation at, bool needsValue) =>
        Call(called, container, instance, [.. arguments.Select(argument => (called.Parameters[argument.Parameter!.Ordinal], argument.Value))], at, needsValue);

    private Value? Call(
        IMethodSymbol called, ITypeSymbol? container, IOperation? instance, IReadOnlyList<(IParameterSymbol Parameter, IOperation Value)> arguments,
        IOperation at, bool needsValue)
    {
        if (called.OriginalDefinition.DeclaringSyntaxReferences.Length == 0)
        {
            throw new LoweringException(Rules.Method, at.Syntax, $"{Whole(called)} has no source in this project",
                "call methods of this project, of MathF, Math, XMath, IntrinsicMath, BitConverter and BitOperations, and of the kernel dialect");
        }

        if (called.IsAsync || called.IsExtern || called.MethodKind == MethodKind.LocalFunction && !called.IsStatic)
        {
            throw new LoweringException(Rules.Method, at.Syntax, $"{called.Spelling()} is {(called.IsAsync ? "async" : called.IsExtern ? "extern" : "a local function that is not static")}",
                "call static methods with a body");
        }

        // The receiver, then the arguments as they are written.
        var isConstructor = called.MethodKind == MethodKind.Constructor;
        var hasReceiver = !called.IsStatic && !isConstructor && called.MethodKind != MethodKind.LocalFunction;
        var byValue = hasReceiver && (called.IsReadOnly || called.ContainingType.IsReadOnly || !IsPlace(instance!));
        var operands = new List<Func<Value>>();
        if (hasReceiver)
        {
            operands.Add(() => byValue ? Lower(instance!) : Place(instance!));
        }

        foreach (var (parameter, value) in arguments)
        {
            operands.Add(() => parameter.RefKind == RefKind.None ? Lower(value) : Reference(value));
        }

        var values = InOrder(operands);
        var receiver = hasReceiver ? values[0] : null;
        var ordered = new Value[called.Parameters.Length];
        for (var i = 0; i < arguments.Count; i++)
        {
            ordered[arguments[i].Parameter.Ordinal] = values[i + (hasReceiver ? 1 : 0)];
        }

        var type = (INamedTypeSymbol)(container ?? types.Apply(called.ContainingType));
        ITypeSymbol[] typeArguments = [.. called.TypeArguments.Select(types.Apply)];
        var spaces = ordered.Select((value, i) => called.Parameters[i].RefKind != RefKind.None || value.Type.IsView() ? value.Space : AddressSpace.Private).ToArray();
        (AddressSpace, bool)? instanceKind = receiver is null ? null : (receiver.Space, byValue);
        var origin = called.OriginalDefinition.DeclaringSyntaxReferences[0];
        var key = $"{origin.SyntaxTree.FilePath}:{origin.Span}:{called.MethodKind}:{called.Name}:{type.ToDisplayString()}:{string.Join(",", typeArguments.Select(argument => argument.ToDisplayString()))}:"
            + $"{string.Join(",", spaces)}:{instanceKind}";
        var name = isConstructor ? $"{type.Name}_new" : hasReceiver || called.MethodKind == MethodKind.UserDefinedOperator ? $"{type.Name}_{called.Name}" : called.Name;
        var function = program.Function(called.OriginalDefinition, Substitution.For(called, typeArguments, type), key, name,
            (lowering, unique) => lowering.LowerHelper(unique, spaces, instanceKind), at.Syntax);

        var texts = new List<string>();
        if (receiver is not null)
        {
            texts.Add(byValue ? receiver.Text : Address(receiver));
        }

        for (var i = 0; i < ordered.Length; i++)
        {
            texts.Add(called.Parameters[i].RefKind != RefKind.None ? Address(ordered[i]) : ordered[i].Text);
            if (ordered[i].Type.IsView())
            {
                texts.Add(ordered[i].Length!);
            }
        }

        var text = $"{function.Name}({string.Join(", ", texts)})";
        var result = isConstructor ? type : types.Apply(Return(called));
        HasEffects |= function.HasEffects;
        if (called.ReturnsVoid && !isConstructor)
        {
            Line(text + ";");
            return null;
        }

        if (!function.HasEffects)
        {
            return new Value(text, result, false, true);
        }

        if (!needsValue)
        {
            Line(text + ";");
            return null;
        }

        var kept = names.Unique("t");
        Line($"{TypeName(result, at)} {kept} = {text};");
        return new Value(kept, result, true, true);
    }

    private static string Whole(IMethodSymbol called) => called.MethodKind switch
    {
        MethodKind.UserDefinedOperator => $"{called.Spelling()} of {called.ContainingType.ToDisplayString()}",
        MethodKind.Conversion => called.Spelling(),
        _ => $"{called.ContainingType.ToDisplayString()}.{called.Spelling()}",
    };

    private static ITypeSymbol Return(IMethodSymbol called) => called.ReturnType;

    private Value Reference(IOperation operation)
    {
        if (operation is IDiscardOperation)
        {
            var unused = names.Unique("unused");
            Line($"{TypeName(TypeOf(operation), operation)} {unused};");
            return new Value(unused, TypeOf(operation), true, true) { IsPlace = true };
        }

        if (operation is ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation { Field.IsStatic: false } or IDeclarationExpressionOperation
            or IPropertyReferenceOperation { Property.IsIndexer: true })
        {
            return Place(operation);
        }

        // An argument for `in` may be any value.
        var value = Lower(operation);
        var name = names.Unique("t");
        Line($"{TypeName(value.Type)} {name} = {value.Text};");
        return new Value(name, value.Type, true, true) { IsPlace = true };
    }

    private static string Address(Value place) =>
        place.Text.StartsWith("(*", StringComparison.Ordinal) && IsOneGroup(place.Text, 0) ? place.Text.Substring(2, place.Text.Length - 3) : $"&{place.Text}";
}
