using Microsoft.CodeAnalysis;

namespace Crypson.Generator.Lowering;

/// <summary>The methods of the base class library that kernels may call.</summary>
internal static class Mathematics
{
    /// <summary>Functions that both languages have under one name, up to a suffix.</summary>
    public static readonly Dictionary<string, string> Plain = new()
    {
        ["Sqrt"] = "sqrt",
        ["Exp"] = "exp",
        ["Log2"] = "log2",
        ["Log10"] = "log10",
        ["Pow"] = "pow",
        ["Sin"] = "sin",
        ["Cos"] = "cos",
        ["Tan"] = "tan",
        ["Asin"] = "asin",
        ["Acos"] = "acos",
        ["Atan"] = "atan",
        ["Atan2"] = "atan2",
        ["Sinh"] = "sinh",
        ["Cosh"] = "cosh",
        ["Tanh"] = "tanh",
        ["Asinh"] = "asinh",
        ["Acosh"] = "acosh",
        ["Atanh"] = "atanh",
        ["Floor"] = "floor",
        ["Ceiling"] = "ceil",
        ["Truncate"] = "trunc",
        ["Cbrt"] = "cbrt",
        ["FusedMultiplyAdd"] = "fma",
        ["CopySign"] = "copysign",
    };

    public static bool Covers(IMethodSymbol method)
    {
        var type = method.ContainingType;
        return type.ContainingNamespace?.ToDisplayString() switch
        {
            "System" => type.Name is "MathF" or "Math" or "BitConverter" || type.SpecialType.IsScalar() && method.IsStatic,
            "System.Numerics" => type.Name == "BitOperations",
            Kinds.Dialect => type.Name is "XMath" or "IntrinsicMath",
            _ => false,
        };
    }
}
