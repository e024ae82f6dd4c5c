using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Crypson.Generator.Lowering;

/// <summary>Operators, and the types that C# computes them in.</summary>
internal static class Operators
{
    public static string Symbol(BinaryOperatorKind kind) => kind switch
    {
        BinaryOperatorKind.Add => "+",
        BinaryOperatorKind.Subtract => "-",
        BinaryOperatorKind.Multiply => "*",
        BinaryOperatorKind.Divide => "/",
        BinaryOperatorKind.Remainder => "%",
        BinaryOperatorKind.LeftShift => "<<",
        BinaryOperatorKind.RightShift or BinaryOperatorKind.UnsignedRightShift => ">>",
        BinaryOperatorKind.And => "&",
        BinaryOperatorKind.Or => "|",
        BinaryOperatorKind.ExclusiveOr => "^",
        BinaryOperatorKind.ConditionalAnd => "&&",
        BinaryOperatorKind.ConditionalOr => "||",
        BinaryOperatorKind.Equals => "==",
        BinaryOperatorKind.NotEquals => "!=",
        BinaryOperatorKind.LessThan => "<",
        BinaryOperatorKind.LessThanOrEqual => "<=",
        BinaryOperatorKind.GreaterThan => ">",
        BinaryOperatorKind.GreaterThanOrEqual => ">=",
        _ => "",
    };

    public static bool IsShift(BinaryOperatorKind kind) =>
        kind is BinaryOperatorKind.LeftShift or BinaryOperatorKind.RightShift or BinaryOperatorKind.UnsignedRightShift;

    public static bool IsComparison(BinaryOperatorKind kind) => kind is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals
        or BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual or BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual;

    /// <summary>Binary numeric promotion.</summary>
    public static SpecialType Promote(SpecialType left, SpecialType right)
    {
        foreach (var type in new[] { SpecialType.System_Double, SpecialType.System_Single, SpecialType.System_UInt64, SpecialType.System_Int64 })
        {
            if (left == type || right == type)
            {
                return type;
            }
        }

        if (left == SpecialType.System_UInt32 || right == SpecialType.System_UInt32)
        {
            var other = left == SpecialType.System_UInt32 ? right : left;
            return other is SpecialType.System_Int32 or SpecialType.System_Int16 or SpecialType.System_SByte ? SpecialType.System_Int64 : SpecialType.System_UInt32;
        }

        return left == SpecialType.System_Boolean ? left : SpecialType.System_Int32;
    }

    /// <summary>The type that a shift is computed in.</summary>
    public static SpecialType Promote(SpecialType left) =>
        left is SpecialType.System_UInt32 or SpecialType.System_Int64 or SpecialType.System_UInt64 ? left : SpecialType.System_Int32;
}
