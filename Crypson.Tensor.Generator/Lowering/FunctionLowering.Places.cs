using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Crypson.Generator.Lowering;

/// <summary>Variables, fields and elements: reading them and assigning to them.</summary>
internal sealed partial class FunctionLowering
{
    private Value Read(IOperation operation)
    {
        switch (operation)
        {
            case ILocalReferenceOperation local:
                return Read(Bound(local.Local, local.Syntax), !written.Contains(local.Local));
            case IParameterReferenceOperation parameter:
                return Read(Parameter(parameter), !written.Contains(parameter.Parameter));
            case IInstanceReferenceOperation:
                return This(operation) with { IsPlace = false };
            case IFieldReferenceOperation { Field.IsStatic: true } field:
                return StaticField(field);
            case IFieldReferenceOperation field:
                var owner = Lower(field.Instance!);
                return new Value($"{owner.Operand}.{ProgramLowering.FieldName(field.Field)}", TypeOf(field), owner.IsStable, true);
            case IPropertyReferenceOperation property:
                return Property(property);
            default:
                throw Unsupported(operation, "this expression", "use variables, fields and elements of views");
        }
    }

    private static Value Read(Binding binding, bool isStable = false) => binding.IsReference
        ? new Value($"(*{binding.Name})", binding.Type, false, true)
        : new Value(binding.Name, binding.Type, isStable, true) { Space = binding.Space, Length = binding.Length };

    private Binding Parameter(IParameterReferenceOperation reference)
    {
        // A parameter of a primary constructor that a method uses is a hidden field, with a layout of its own.
        if (!SymbolEqualityComparer.Default.Equals(reference.Parameter.ContainingSymbol, method.OriginalDefinition)
            && reference.Parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor })
        {
            throw new LoweringException(Rules.Construct, reference.Syntax, $"{reference.Parameter.Name} is a parameter of the primary constructor",
                $"declare a field: private readonly {reference.Parameter.Type.ToDisplayString()} {reference.Parameter.Name} = {reference.Parameter.Name};");
        }

        return Bound(reference.Parameter, reference.Syntax);
    }

    private Value This(IOperation operation)
    {
        if (operation is IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver } && receivers.Count > 0)
        {
            return receivers.Peek();
        }

        return self is { } binding
            ? binding.IsReference
                ? new Value($"(*{binding.Name})", binding.Type, false, true) { IsPlace = true, Space = binding.Space, IsShared = true }
                : new Value(binding.Name, binding.Type, method.MethodKind != MethodKind.Constructor, true) { IsPlace = true }
            : throw Unsupported(operation, "this", "make the method static");
    }

    private Value StaticField(IFieldReferenceOperation reference)
    {
        var field = reference.Field;
        var type = TypeOf(reference);
        if (field.IsReadOnly && type.Number().IsScalar()
            && field.OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is VariableDeclaratorSyntax { Initializer: { } clause }
            && program.Operation(clause) is ISymbolInitializerOperation initializer)
        {
            var outer = lines;
            var value = Lower(initializer.Value);
            if (ReferenceEquals(outer, lines))
            {
                return value with { IsStable = true };
            }
        }

        throw new LoweringException(Rules.StaticField, reference.Syntax, $"{field.Name} is {(field.IsReadOnly ? $"a static field of the type {type.ToDisplayString()}" : "a static field that can change")}",
            "make it const, or static readonly with a number, or pass it as a parameter");
    }

    private Value Property(IPropertyReferenceOperation reference)
    {
        var property = reference.Property;
        if (property.IsDialect())
        {
            return DialectProperty(reference);
        }

        if (AutoField(property) is { } field && !property.IsStatic)
        {
            var owner = Lower(reference.Instance!);
            return new Value($"{owner.Operand}.{ProgramLowering.FieldName(field)}", TypeOf(reference), owner.IsStable, true);
        }

        var getter = property.GetMethod ?? throw Unsupported(reference, "a property without get", "give it a get");
        var resolved = Resolve(getter, reference.ConstrainedToType ?? reference.Instance?.Type, reference);
        if (resolved is { IsStatic: false, AssociatedSymbol: IPropertySymbol implemented } && AutoField(implemented) is { } behind)
        {
            var owner = Lower(reference.Instance!);
            return new Value($"{owner.Operand}.{ProgramLowering.FieldName(behind)}", TypeOf(reference), owner.IsStable, true);
        }

        return Call(resolved, null, reference.Instance, reference.Arguments, reference, needsValue: true)!;
    }

    private static IFieldSymbol? AutoField(IPropertySymbol property) =>
        property.ContainingType.GetMembers().OfType<IFieldSymbol>()
            .FirstOrDefault(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));

    /// <summary>Something that can be assigned to.</summary>
    private Value Place(IOperation operation)
    {
        switch (operation)
        {
            case ILocalReferenceOperation local:
                return Place(Bound(local.Local, local.Syntax), operation);
            case IParameterReferenceOperation parameter:
                return Place(Parameter(parameter), operation);
            case IInstanceReferenceOperation:
                return This(operation);
            case IDeclarationExpressionOperation { Expression: ILocalReferenceOperation declared }:
                if (!bindings.ContainsKey(declared.Local))
                {
                    DeclareOnTop(declared.Local, declared);
                }

                return Place(declared);
            case IFieldReferenceOperation { Field.IsStatic: false } field:
                return Member(field.Instance!, field.Field, TypeOf(field));
            case IPropertyReferenceOperation property when property.Property.IsIndexer && property.Instance?.Type is { } view && types.Apply(view).IsView():
                return Element(property);
            case IPropertyReferenceOperation { Property.IsStatic: false } property when AutoField(property.Property) is { } field:
                return Member(property.Instance!, field, TypeOf(property));
            case IDiscardOperation:
                return new Value(names.Unique("unused"), TypeOf(operation), true, true) { IsPlace = true };
            case IFieldReferenceOperation { Field.IsStatic: true } field:
                throw new LoweringException(Rules.StaticField, operation.Syntax, $"{field.Field.Name} is a static field", "kernels have no static memory; use a view");
            default:
                throw Unsupported(operation, $"an assignment to {Quote(operation)}", "assign to variables, fields and elements of views");
        }
    }

    private static Value Place(Binding binding, IOperation at) => binding switch
    {
        { Length: not null } => throw new LoweringException(Rules.AddressSpace, at.Syntax, $"the view {at.Syntax} is changed", "declare another variable for the other memory"),
        { IsReference: true } => new Value($"(*{binding.Name})", binding.Type, true, true) { IsPlace = true, IsShared = true, Space = binding.Space },
        _ => new Value(binding.Name, binding.Type, true, true) { IsPlace = true },
    };

    private Value Member(IOperation instance, IFieldSymbol field, ITypeSymbol type)
    {
        var owner = Place(instance);
        return owner with { Text = $"{owner.Text}.{ProgramLowering.FieldName(field)}", Type = type, IsAtom = true };
    }

    private Value Element(IPropertyReferenceOperation reference)
    {
        var values = InOrder(reference.Instance!, reference.Arguments[0].Value);
        return new Value($"{values[0].Operand}[{values[1].Text}]", TypeOf(reference), values[0].IsStable && values[1].IsStable, true)
        {
            IsPlace = true,
            IsShared = true,
            Space = values[0].Space,
        };
    }

    private static bool IsPlace(IOperation operation) => operation switch
    {
        ILocalReferenceOperation or IDeclarationExpressionOperation or IDiscardOperation or IInstanceReferenceOperation => true,
        IParameterReferenceOperation parameter => parameter.Parameter.RefKind is RefKind.None or RefKind.Ref or RefKind.Out,
        IFieldReferenceOperation field => !field.Field.IsStatic && !field.Field.IsReadOnly && IsPlace(field.Instance!),
        IPropertyReferenceOperation property => property.Property.IsIndexer && property.Property.IsDialect(),
        _ => false,
    };

    private void Store(Value place, string value)
    {
        HasEffects |= place.IsShared;
        Line($"{place.Text} = {value};");
    }

    private Value? Assign(IOperation operation, bool needsValue)
    {
        switch (operation)
        {
            case ISimpleAssignmentOperation { Target: IDiscardOperation } simple:
                return Lower(simple.Value);
            case ISimpleAssignmentOperation { IsRef: true }:
                throw new LoweringException(Rules.AddressSpace, operation.Syntax, "a reference is changed", "declare another ref variable");
            case ISimpleAssignmentOperation { Target: IPropertyReferenceOperation property } simple when !property.Property.IsDialect() && AutoField(property.Property) is null:
                return Set(property, simple.Value, operation, needsValue);
            case ISimpleAssignmentOperation simple:
                {
                    var values = InOrder(() => Place(simple.Target), () => Lower(simple.Value));
                    return Finish(values[0], values[1], needsValue);
                }

            case ICompoundAssignmentOperation compound:
                return Compound(compound, needsValue);
            case IIncrementOrDecrementOperation step:
                return Increment(step, needsValue);
            default:
                throw Unsupported(operation, "this assignment", "use = or a compound assignment");
        }
    }

    // A setter's parameters: those of the indexer, then the value.
    private Value? Set(IPropertyReferenceOperation reference, IOperation value, IOperation at, bool needsValue)
    {
        if (needsValue || reference.Property.SetMethod is null)
        {
            throw Unsupported(at, needsValue ? "the value of an assignment to a property" : "an assignment to a property without set", "assign in a statement of its own, to variables, fields, elements of views and properties with a set");
        }

        var setter = Resolve(reference.Property.SetMethod, reference.ConstrainedToType ?? reference.Instance?.Type, at);
        var arguments = reference.Arguments.Select(argument => (setter.Parameters[argument.Parameter!.Ordinal], argument.Value));
        return Call(setter, null, reference.Instance, [.. arguments, (setter.Parameters[setter.Parameters.Length - 1], value)], at, needsValue: false);
    }

    private Value? Finish(Value place, Value value, bool needsValue)
    {
        if (needsValue)
        {
            value = Keep(value);
        }

        Store(place, value.Text);
        return needsValue ? value : null;
    }

    // The target is read before the other operand is computed.
    private Value? Compound(ICompoundAssignmentOperation compound, bool needsValue)
    {
        RefuseChecked(compound.IsChecked, compound);
        var place = Place(compound.Target);
        var type = place.Type;
        var number = type.Number();
        if (compound.OperatorMethod is { } method && !number.IsScalar())
        {
            var result = Call(method, null, null, [compound.Target, compound.Value], compound)!;
            return Finish(place, result, needsValue);
        }

        var values = InOrder(() => place, () => AsValue(place), () => Lower(compound.Value));
        var right = values[2];
        var common = Operators.IsShift(compound.OperatorKind) ? Operators.Promote(number) : Operators.Promote(number, right.Type.Number());
        var commonType = program.Special(common);
        var converted = Operators.IsShift(compound.OperatorKind) ? right : Convert(right, commonType, compound);
        var computed = Operate(compound.OperatorKind, Convert(values[1], commonType, compound), converted, commonType, compound);
        return Finish(values[0], Convert(computed, type, compound), needsValue);
    }

    private static Value AsValue(Value place) => place with { IsPlace = false, IsStable = false };

    private Value? Increment(IIncrementOrDecrementOperation step, bool needsValue)
    {
        RefuseChecked(step.IsChecked, step);
        var place = Place(step.Target);
        var type = place.Type;
        var number = type.Number();
        if (!number.IsScalar())
        {
            throw Unsupported(step, "++ of a struct", "write the assignment");
        }

        if (!place.IsStable)
        {
            place = Keep(place);
        }

        var old = AsValue(place);
        if (needsValue && step.IsPostfix)
        {
            old = Keep(old);
        }

        var commonType = program.Special(number.IsFloating() ? number : Operators.Promote(number));
        var one = Literals.Of(One(commonType.SpecialType), commonType, target, step);
        var kind = step.Kind == OperationKind.Increment ? BinaryOperatorKind.Add : BinaryOperatorKind.Subtract;
        var changed = Convert(Operate(kind, Convert(old, commonType, step), one, commonType, step), type, step);
        if (!needsValue || step.IsPostfix)
        {
            Store(place, changed.Text);
            return needsValue ? old : null;
        }

        return Finish(place, changed, needsValue: true);
    }

    private static object One(SpecialType type) => type switch
    {
        SpecialType.System_UInt32 => (object)1u,
        SpecialType.System_Int64 => 1L,
        SpecialType.System_UInt64 => 1UL,
        SpecialType.System_Single => 1f,
        SpecialType.System_Double => 1d,
        _ => 1,
    };
}
