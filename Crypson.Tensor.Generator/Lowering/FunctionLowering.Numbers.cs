using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Crypson.Generator.Lowering;

/// <summary>Numbers: operators and conversions with C#'s meaning.</summary>
internal sealed partial class FunctionLowering
{
    private Value Unary(IUnaryOperation unary)
    {
        RefuseChecked(unary.IsChecked, unary);
        if (unary.OperatorMethod is { } operatorMethod && !TypeOf(unary.Operand).Number().IsScalar())
        {
            return Call(operatorMethod, operatorMethod.ContainingType, null, [unary.Operand], unary)!;
        }

        var value = Lower(unary.Operand);
        var type = TypeOf(unary);
        var number = type.Number();
        return unary.OperatorKind switch
        {
            UnaryOperatorKind.Plus => value with { Type = type },
            UnaryOperatorKind.Minus when number.IsFloating() => new Value($"-{value.Operand}", type, value.IsStable),
            UnaryOperatorKind.Minus => Wrapped("-", Literals.Of(number == SpecialType.System_Int64 ? (object)0L : 0, type, target, unary), value, type),
            UnaryOperatorKind.BitwiseNegation => new Value($"~{value.Operand}", type, value.IsStable),
            UnaryOperatorKind.Not => new Value($"!{value.Operand}", type, value.IsStable),
            _ => throw Unsupported(unary, "this operator", "use + - ~ !"),
        };
    }

    private Value Binary(IBinaryOperation binary)
    {
        RefuseChecked(binary.IsChecked, binary);
        var left = TypeOf(binary.LeftOperand);
        var kind = binary.OperatorKind;
        if (binary.OperatorMethod is { } operatorMethod && !left.Number().IsScalar())
        {
            return Call(Resolve(operatorMethod, binary.ConstrainedToType, binary), null, null, [binary.LeftOperand, binary.RightOperand], binary)!;
        }

        if (kind is BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr)
        {
            return ShortCircuit(binary);
        }

        if (!left.Number().IsScalar() || !TypeOf(binary.RightOperand).Number().IsScalar())
        {
            throw Unsupported(binary, $"{Operators.Symbol(kind)} of {left.ToDisplayString()}", "compare or combine the fields, or define the operator");
        }

        var values = InOrder(binary.LeftOperand, binary.RightOperand);
        return Operate(kind, values[0], values[1], TypeOf(binary), binary);
    }

    private Value ShortCircuit(IBinaryOperation binary)
    {
        var isAnd = binary.OperatorKind == BinaryOperatorKind.ConditionalAnd;
        var left = Lower(binary.LeftOperand);
        Value? right = null;
        var own = Capture(() => right = Lower(binary.RightOperand), deeper: 1);
        if (own.Count == 0)
        {
            return new Value($"{left.Operand} {(isAnd ? "&&" : "||")} {right!.Operand}", TypeOf(binary), left.IsStable && right.IsStable);
        }

        var name = names.Unique("t");
        Line($"{TypeName(TypeOf(binary))} {name} = {left.Text};");
        Line(isAnd ? $"if ({name})" : $"if (!{name})");
        Branch(name, right!, own);
        return new Value(name, TypeOf(binary), true, true);
    }

    /// <summary>A built-in operator on two numbers that are already converted.</summary>
    private Value Operate(BinaryOperatorKind kind, Value left, Value right, ITypeSymbol type, IOperation at)
    {
        var stable = left.IsStable && right.IsStable;
        if (Operators.IsComparison(kind))
        {
            return new Value($"{left.Operand} {Operators.Symbol(kind)} {right.Operand}", type, stable);
        }

        var number = type.Number();
        if (Operators.IsShift(kind))
        {
            return new Value(Shift(kind, left, right, number), type, stable, true);
        }

        if (number == SpecialType.System_Boolean || kind is BinaryOperatorKind.And or BinaryOperatorKind.Or or BinaryOperatorKind.ExclusiveOr)
        {
            return new Value($"{left.Operand} {Operators.Symbol(kind)} {right.Operand}", type, stable);
        }

        if (number.IsFloating())
        {
            return kind == BinaryOperatorKind.Remainder
                ? new Value($"{target.Math("fmod", number == SpecialType.System_Double)}({left.Text}, {right.Text})", type, stable, true)
                : new Value($"{left.Operand} {Operators.Symbol(kind)} {right.Operand}", type, stable);
        }

        if (kind is BinaryOperatorKind.Divide or BinaryOperatorKind.Remainder)
        {
            return Divide(kind, left, right, type, at, stable);
        }

        return kind is BinaryOperatorKind.Add or BinaryOperatorKind.Subtract or BinaryOperatorKind.Multiply
            ? Wrapped(Operators.Symbol(kind), left, right, type)
            : throw Unsupported(at, "this operator", "use arithmetic, shifts and comparisons");
    }

    // Overflow wraps in C# and is undefined for C's signed numbers: compute in unsigned ones.
    private Value Wrapped(string symbol, Value left, Value right, ITypeSymbol type)
    {
        var number = type.Number();
        var stable = left.IsStable && right.IsStable;
        if (number.IsUnsigned())
        {
            return new Value($"({left.Operand} {symbol} {right.Operand})", type, stable, true);
        }

        var unsigned = $"({AsUnsigned(left, number)} {symbol} {AsUnsigned(right, number)})";
        return new Value($"({target.Scalar(number)}){unsigned}", type, stable, true) { Unsigned = unsigned };
    }

    private string AsUnsigned(Value value, SpecialType number) =>
        value.Unsigned is { } unsigned && value.Type.Number() == number ? unsigned
        : number == SpecialType.System_Int32 && value.Text.All(char.IsDigit) ? value.Text + "u"
        : $"({target.Scalar(number.ToUnsigned())}){value.Operand}";

    private static bool IsOneGroup(string text, int open)
    {
        var level = 0;
        for (var i = open; i < text.Length; i++)
        {
            level += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
            if (level == 0)
            {
                return i == text.Length - 1;
            }
        }

        return false;
    }

    // The count counts modulo the width, and bits that leave a signed number are no overflow.
    private string Shift(BinaryOperatorKind kind, Value left, Value right, SpecialType number)
    {
        var mask = number.Bytes() == 8 ? 63 : 31;
        var count = int.TryParse(right.Text, out var constant) ? Text(constant & mask) : $"({right.Operand} & {Text(mask)})";
        var signed = target.Scalar(number);
        var unsigned = target.Scalar(number.ToUnsigned());
        return kind switch
        {
            BinaryOperatorKind.RightShift => $"({left.Operand} >> {count})",
            _ when number.IsUnsigned() => $"({left.Operand} {Operators.Symbol(kind)} {count})",
            _ => $"({signed})(({unsigned}){left.Operand} {Operators.Symbol(kind)} {count})",
        };
    }

    // C# throws when the divisor is 0 or the quotient too large; C has no meaning for it and a processor may trap.
    private Value Divide(BinaryOperatorKind kind, Value left, Value right, ITypeSymbol type, IOperation at, bool stable)
    {
        var number = type.Number();
        var divisor = at switch
        {
            IBinaryOperation binary => binary.RightOperand.ConstantValue,
            ICompoundAssignmentOperation compound => compound.Value.ConstantValue,
            _ => default,
        };
        if (divisor is { HasValue: true, Value: not null and not char } && System.Convert.ToDecimal(divisor.Value) is not (0 or -1))
        {
            return new Value($"{left.Operand} {Operators.Symbol(kind)} {right.Operand}", type, stable);
        }

        var function = program.Use($"cry_{(kind == BinaryOperatorKind.Divide ? "div" : "rem")}_{number.Word()}");
        return new Value($"{function}({left.Text}, {right.Text})", type, stable, true);
    }

    private Value Conversion(IConversionOperation conversion)
    {
        RefuseChecked(conversion.IsChecked, conversion);
        var to = TypeOf(conversion);
        if (conversion.OperatorMethod is { } operatorMethod && !operatorMethod.IsDialect())
        {
            return Call(operatorMethod, operatorMethod.ContainingType, null, [conversion.Operand], conversion)!;
        }

        if (conversion.Operand is IThrowOperation)
        {
            return Lower(conversion.Operand);
        }

        if (conversion.Operand.Type is null)
        {
            return conversion.Operand is IDefaultValueOperation or ILiteralOperation
                ? Default(to, conversion)
                : Lower(conversion.Operand);
        }

        var from = TypeOf(conversion.Operand);
        if (to.IndexRank() > 1 && conversion.Operand is ITupleOperation tuple)
        {
            return Fresh(to, string.Join(", ", InOrder(tuple.Elements).Select(value => value.Text)), conversion);
        }

        if (to.IsReferenceType || to.TypeKind == TypeKind.Interface)
        {
            throw new LoweringException(Rules.Type, conversion.Syntax, $"a conversion to {to.ToDisplayString()}", "kernels have no objects; use a type parameter instead of an interface");
        }

        return from.IsView() && to.IsView() ? Lower(conversion.Operand) : Convert(Lower(conversion.Operand), to, conversion);
    }

    private Value Convert(Value value, ITypeSymbol to, IOperation at)
    {
        var from = value.Type.Number();
        var number = to.Number();
        if (!number.IsScalar() || !from.IsScalar())
        {
            return SymbolEqualityComparer.Default.Equals(value.Type, to) || SameTuple(value.Type, to)
                ? value with { Type = to }
                : throw new LoweringException(Rules.Type, at.Syntax, $"a conversion from {value.Type.ToDisplayString()} to {to.ToDisplayString()}", "convert the fields one by one");
        }

        if (from == number)
        {
            return value with { Type = to, IsPlace = false };
        }

        TypeName(to, at);
        if (!from.IsFloating() || number.IsFloating())
        {
            return new Value($"({target.Scalar(number)}){value.Operand}", to, value.IsStable, true);
        }

        // To narrow types C# goes through int.
        var wide = number.Bytes() < 4 ? SpecialType.System_Int32 : number;
        var function = program.Use($"cry_{wide.Word()}_{from.Word()}");
        var converted = $"{function}({value.Text})";
        return new Value(wide == number ? converted : $"({target.Scalar(number)}){converted}", to, value.IsStable, true);
    }

    private bool SameTuple(ITypeSymbol from, ITypeSymbol to) =>
        from.IsTupleType && to.IsTupleType && SymbolEqualityComparer.Default.Equals(types.Apply(from), types.Apply(to));

    private static void RefuseChecked(bool isChecked, IOperation at)
    {
        if (isChecked)
        {
            throw new LoweringException(Rules.Checked, at.Syntax, "checked arithmetic would throw", "write unchecked(...), or test the range before");
        }
    }
}
