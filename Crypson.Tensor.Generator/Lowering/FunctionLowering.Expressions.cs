using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Crypson.Generator.Lowering;

/// <summary>Expressions.</summary>
internal sealed partial class FunctionLowering
{
    private Value Lower(IOperation operation)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (operation.ConstantValue.HasValue && operation.Type is { } type && types.Apply(type).Number().IsScalar())
        {
            return Literals.Of(operation.ConstantValue.Value, types.Apply(type), target, operation);
        }

        switch (operation)
        {
            case ILocalReferenceOperation or IParameterReferenceOperation or IInstanceReferenceOperation or IFieldReferenceOperation or IPropertyReferenceOperation:
                return Read(operation);
            case IParenthesizedOperation parenthesized:
                return Lower(parenthesized.Operand);
            case IConversionOperation conversion:
                return Conversion(conversion);
            case IUnaryOperation unary:
                return Unary(unary);
            case IBinaryOperation binary:
                return Binary(binary);
            case IConditionalOperation conditional:
                return Choose(conditional.Condition, TypeOf(conditional), () => Lower(conditional.WhenTrue), () => Lower(conditional.WhenFalse!));
            case ISimpleAssignmentOperation or ICompoundAssignmentOperation or IIncrementOrDecrementOperation:
                return Assign(operation, needsValue: true)!;
            case IInvocationOperation invocation:
                return Invoke(invocation, needsValue: true)!;
            case IObjectCreationOperation creation:
                return Create(creation);
            case IDefaultValueOperation or ITypeParameterObjectCreationOperation:
                return Default(TypeOf(operation), operation);
            case ITupleOperation tuple:
                return Tuple(tuple);
            case IDeconstructionAssignmentOperation deconstruction:
                Deconstruct(deconstruction);
                return new Value("0", TypeOf(deconstruction));
            case ISwitchExpressionOperation choice:
                return SwitchExpression(choice);
            case IIsPatternOperation test:
                return Matches(Keep(Lower(test.Value)), test.Pattern) with { Type = TypeOf(test) };
            case IWithOperation with:
                return With(with);
            case ISizeOfOperation size:
                return new Value($"(int)sizeof({TypeName(types.Apply(size.TypeOperand), size)})", TypeOf(size), true, true);
            case IThrowOperation:
                throw Unsupported(operation, "an exception", "kernels cannot throw; write an error code to a view");
            case IArrayCreationOperation or ICollectionExpressionOperation or IArrayElementReferenceOperation:
                throw Unsupported(operation, "an array", "use LocalMemory.Allocate, SharedMemory.Allocate or an ArrayView parameter");
            case IAnonymousFunctionOperation or IDelegateCreationOperation or IMethodReferenceOperation:
                throw Unsupported(operation, "a delegate", "use a struct that implements an interface, as a type argument");
            case IInterpolatedStringOperation or ILiteralOperation { Type.SpecialType: SpecialType.System_String }:
                throw Unsupported(operation, "text", "kernels have numbers only");
            case IInvalidOperation:
                throw new LoweringException(Rules.Construct, operation.Syntax, $"{Quote(operation)} is not known here", Kinds.MadeElsewhere);
            default:
                throw Unsupported(operation, Quote(operation), "use numbers, structs and calls");
        }
    }

    private void Discard(IOperation operation)
    {
        switch (operation)
        {
            case ISimpleAssignmentOperation or ICompoundAssignmentOperation or IIncrementOrDecrementOperation:
                Assign(operation, needsValue: false);
                break;
            case IInvocationOperation invocation:
                Invoke(invocation, needsValue: false);
                break;
            case IDeconstructionAssignmentOperation deconstruction:
                Deconstruct(deconstruction);
                break;
            default:
                Lower(operation);
                break;
        }
    }

    /// <summary>Lowers operands from left to right; one that a later operand's statements could change is kept first.</summary>
    private Value[] InOrder(params IReadOnlyList<Func<Value>> operands)
    {
        var values = new List<Value>();
        foreach (var operand in operands)
        {
            var before = lines.Count;
            var value = operand();
            if (lines.Count > before)
            {
                var own = lines.GetRange(before, lines.Count - before);
                lines.RemoveRange(before, own.Count);
                for (var i = 0; i < values.Count; i++)
                {
                    values[i] = Keep(values[i]);
                }

                lines.AddRange(own);
            }

            values.Add(value);
        }

        return [.. values];
    }

    private Value[] InOrder(params IEnumerable<IOperation> operands) =>
        InOrder(operands.Select<IOperation, Func<Value>>(operand => () => Lower(operand)).ToArray());

    /// <summary>The value in a variable, unless nothing can change it anyway. A place is kept as its address.</summary>
    private Value Keep(Value value)
    {
        if (value.IsStable)
        {
            return value;
        }

        if (value.IsPlace)
        {
            var pointer = names.Unique("p");
            Line($"{target.Space(value.Space)}{TypeName(value.Type)}* {pointer} = &({value.Text});");
            return value with { Text = $"(*{pointer})", IsStable = true, IsAtom = true };
        }

        var name = names.Unique("t");
        if (value.Type.IsView())
        {
            var length = names.Unique("t_length");
            Line($"{target.Space(value.Space)}{TypeName(value.Type.Element())}* {name} = {value.Text};");
            Line($"{target.Scalar(SpecialType.System_Int64)} {length} = {value.Length};");
            return value with { Text = name, Length = length, IsStable = true, IsAtom = true };
        }

        Line($"{TypeName(value.Type)} {name} = {value.Text};");
        return new Value(name, value.Type, true, true);
    }

    private Value Choose(IOperation condition, ITypeSymbol type, Func<Value> whenTrue, Func<Value> whenFalse)
    {
        var test = Lower(condition);
        return Choose(test, type, whenTrue, whenFalse);
    }

    private Value Choose(Value test, ITypeSymbol type, Func<Value> whenTrue, Func<Value> whenFalse)
    {
        Value? first = null;
        Value? second = null;
        var firstLines = Capture(() => first = whenTrue(), deeper: 1);
        var secondLines = Capture(() => second = whenFalse(), deeper: 1);
        if (type.IsView() && first!.Space != second!.Space)
        {
            throw new LoweringException(Rules.AddressSpace, Declaration(method), "a view is chosen from two kinds of memory", "use two variables, or copy to one kind");
        }

        if (firstLines.Count == 0 && secondLines.Count == 0)
        {
            return new Value($"{test.Operand} ? {first!.Operand} : {second!.Operand}", type, test.IsStable && first.IsStable && second.IsStable)
            {
                Space = first.Space,
                Length = first.Length is null ? null : $"({test.Operand} ? {first.Length} : {second.Length})",
            };
        }

        if (type.IsView())
        {
            throw new LoweringException(Rules.AddressSpace, Declaration(method), "a view is chosen by an expression that changes something", "use an if");
        }

        var name = names.Unique("t");
        Line($"{TypeName(type)} {name};");
        Line($"if ({test.Text})");
        Branch(name, first!, firstLines);
        Line("else");
        Branch(name, second!, secondLines);
        return new Value(name, type, true, true);
    }

    private void Branch(string name, Value value, List<string> own)
    {
        Line("{");
        lines.AddRange(own);
        Line($"    {name} = {value.Text};");
        Line("}");
    }

    private Value Create(IObjectCreationOperation creation)
    {
        var type = types.Apply(creation.Type!);
        Value value;
        if (type.IndexRank() is var rank and > 0)
        {
            var arguments = InOrder(creation.Arguments.Select(argument => argument.Value));
            if (rank == 1)
            {
                return arguments.Length == 0 ? Literals.Of(0, type, target, creation) : arguments[0] with { Type = type };
            }

            value = Fresh(type, arguments.Length == 0 ? "0" : string.Join(", ", arguments.Select(argument => argument.Text)), creation);
        }
        else if (creation.Constructor is null || (creation.Constructor.Parameters.Length == 0 && creation.Constructor.IsImplicitlyDeclared))
        {
            value = Default(type, creation);
        }
        else if (creation.Constructor.DeclaringSyntaxReferences.Length == 0)
        {
            TypeName(type, creation);
            throw new LoweringException(Rules.Method, creation.Syntax, $"the constructor of {type.ToDisplayString()} has no source here", "use a struct of this project");
        }
        else
        {
            value = Call(creation.Constructor, type, null, creation.Arguments, creation, needsValue: true)!;
        }

        if (creation.Initializer is not { } initializer)
        {
            return value;
        }

        return Initialize(value, initializer);
    }

    private Value With(IWithOperation with) => Initialize(Lower(with.Operand), with.Initializer);

    private Value Initialize(Value value, IObjectOrCollectionInitializerOperation initializer)
    {
        var name = names.Unique("t");
        Line($"{TypeName(value.Type)} {name} = {value.Text};");
        receivers.Push(new Value(name, value.Type, false, true) { IsPlace = true });
        foreach (var item in initializer.Initializers)
        {
            Discard(item);
        }

        receivers.Pop();
        return new Value(name, value.Type, true, true);
    }

    private Value Default(ITypeSymbol type, IOperation at)
    {
        var number = type.Number();
        if (number.IsScalar())
        {
            return new Value($"({target.Scalar(number)})0", type, true, true);
        }

        if (type.IsView())
        {
            throw new LoweringException(Rules.AddressSpace, at.Syntax, "an empty view", "give the view its memory where it is declared");
        }

        return type.IsVector() ? new Value($"{program.Use(target.VectorFunction("broadcast", TypeName(type, at)))}(0.0f)", type, true, true) : Fresh(type, "0", at);
    }

    private Value Fresh(ITypeSymbol type, string members, IOperation at)
    {
        var typeName = TypeName(type, at);
        var name = names.Unique("t");
        Line($"{typeName} {name} = {{{members}}};");
        return new Value(name, type, true, true);
    }

    private Value Tuple(ITupleOperation tuple)
    {
        var type = types.Apply(tuple.Type!);
        var values = InOrder(tuple.Elements);
        var name = names.Unique("t");
        Line($"{TypeName(type, tuple)} {name};");
        var fields = ProgramLowering.Fields((INamedTypeSymbol)type).ToArray();
        for (var i = 0; i < values.Length; i++)
        {
            Line($"{name}.{ProgramLowering.FieldName(fields[i])} = {values[i].Text};");
        }

        return new Value(name, type, true, true);
    }

    // (a, b) = (b, a): places first, then all values, then the assignments.
    private void Deconstruct(IDeconstructionAssignmentOperation deconstruction)
    {
        var targets = Flatten(deconstruction.Target).ToArray();
        var declares = deconstruction.Target is IDeclarationExpressionOperation;
        foreach (var local in deconstruction.Target.DescendantsAndSelf().OfType<IDeclarationExpressionOperation>()
            .SelectMany(declaration => declaration.Expression.DescendantsAndSelf().OfType<ILocalReferenceOperation>()))
        {
            DeclareOnTop(local.Local, local);
        }

        var values = new List<Value>();
        var places = declares ? null : targets.Select(place => place is IDiscardOperation ? null : Place(place)).ToArray();
        var source = deconstruction.Value is IConversionOperation { Operand: ITupleOperation inner } ? inner : deconstruction.Value;
        if (source is ITupleOperation tuple)
        {
            var before = lines.Count;
            values.AddRange(InOrder(tuple.Elements));
            if (lines.Count > before && places is not null)
            {
                var own = lines.GetRange(before, lines.Count - before);
                lines.RemoveRange(before, own.Count);
                places = [.. places.Select(place => place is null ? null : KeepPlace(place))];
                lines.AddRange(own);
            }
        }
        else if (TypeOf(source) is INamedTypeSymbol { IsTupleType: true } type)
        {
            var value = Lower(source);
            var name = names.Unique("t");
            Line($"{TypeName(type, source)} {name} = {value.Text};");
            values.AddRange(ProgramLowering.Fields(type).Select(field => new Value($"{name}.{ProgramLowering.FieldName(field)}", field.Type, true, true)));
        }
        else
        {
            throw Unsupported(deconstruction, "this deconstruction", "deconstruct tuples only, or read the fields");
        }

        if (values.Count != targets.Length)
        {
            throw Unsupported(deconstruction, "a nested deconstruction", "take the outer tuple apart first");
        }

        places ??= [.. targets.Select(place => place is IDiscardOperation ? null : Place(place))];
        for (var i = 0; i < values.Count; i++)
        {
            values[i] = Keep(values[i]);
        }

        for (var i = 0; i < values.Count; i++)
        {
            if (places[i] is { } place)
            {
                Store(place, Convert(values[i], place.Type, deconstruction).Text);
            }
        }
    }

    private Value KeepPlace(Value place) => place.IsStable ? place : Keep(place);

    private static IEnumerable<IOperation> Flatten(IOperation operation) => operation switch
    {
        ITupleOperation tuple => tuple.Elements.SelectMany(Flatten),
        IDeclarationExpressionOperation declaration => Flatten(declaration.Expression),
        _ => [operation],
    };

    private void DeclareOnTop(ILocalSymbol local, IOperation at)
    {
        var type = types.Apply(local.Type);
        var name = names.Unique(local.Name);
        top.Add($"    {TypeName(type, at)} {name};");
        bindings[local] = new Binding(name, type);
        written.Add(local);
    }

    private Value SwitchExpression(ISwitchExpressionOperation choice)
    {
        var type = TypeOf(choice);
        var value = Keep(Lower(choice.Value));
        return Arm(0);

        Value Arm(int number)
        {
            var arm = choice.Arms[number];
            if (arm.Value is IThrowOperation or IConversionOperation { Operand: IThrowOperation })
            {
                throw Unsupported(arm.Value, "an exception", "kernels cannot throw; give a value for this case");
            }

            // The compiler has made sure that some arm fits: the last one needs no test.
            if (number == choice.Arms.Length - 1)
            {
                return Lower(arm.Value);
            }

            var test = Matches(value, arm.Pattern);
            if (arm.Guard is not null)
            {
                throw Unsupported(arm.Guard, "when", "use a conditional expression, or if");
            }

            return Choose(test, type, () => Lower(arm.Value), () => Arm(number + 1));
        }
    }

    private Value Matches(Value value, IPatternOperation pattern)
    {
        var type = program.Boolean;
        switch (pattern)
        {
            case IDiscardPatternOperation:
                return new Value("1", type, true, true);
            case IConstantPatternOperation constant:
                // `is` compares with Equals: NaN is NaN.
                return constant.Value.ConstantValue.Value is float.NaN or double.NaN
                    ? new Value($"{value.Operand} != {value.Operand}", type, value.IsStable)
                    : new Value($"{value.Operand} == {Lower(constant.Value).Operand}", type, value.IsStable);
            case IRelationalPatternOperation relation:
                return new Value($"{value.Operand} {Operators.Symbol(relation.OperatorKind)} {Lower(relation.Value).Operand}", type, value.IsStable);
            case INegatedPatternOperation not:
                return new Value($"!{Matches(value, not.Pattern) switch { var inner => inner.Operand }}", type, value.IsStable, true);
            case IBinaryPatternOperation both:
                var (left, right) = (Matches(value, both.LeftPattern), Matches(value, both.RightPattern));
                return new Value($"{left.Operand} {(both.OperatorKind == BinaryOperatorKind.And ? "&&" : "||")} {right.Operand}", type, value.IsStable);
            default:
                throw Unsupported(pattern, "this pattern", "use constants, comparisons, and, or, not, and _");
        }
    }
}
