using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Crypson.Generator.Lowering;

/// <summary>Questions about types and symbols.</summary>
internal static class Kinds
{
    public const string Dialect = "Crypson.Kernels";

    /// <summary>The hint for a name that the compilation does not have: generators do not see what others make.</summary>
    public const string MadeElsewhere = "if another source generator makes it, kernels cannot use it: write it in the project, or in one that this project references";

    public static bool IsDialect(this ISymbol? symbol) => symbol?.ContainingNamespace?.ToDisplayString() == Dialect;

    public static bool IsView(this ITypeSymbol type) => type.Name == "ArrayView" && type is INamedTypeSymbol { TypeArguments.Length: 1 } && type.IsDialect();

    public static ITypeSymbol Element(this ITypeSymbol view) => ((INamedTypeSymbol)view).TypeArguments[0];

    public static bool IsVector(this ITypeSymbol type) => type.VectorCount() > 0;

    /// <summary>The number of floats in a vector, 0 for other types.</summary>
    public static int VectorCount(this ITypeSymbol type) =>
        !type.IsDialect() ? 0 : type.Name switch { "Float32x4" => 4, "Float32x16" => 16, _ => 0 };

    public static bool IsIndex1D(this ITypeSymbol type) => type.Name == "Index1D" && type.IsDialect();

    /// <summary>Axes of an index type, 0 for other types.</summary>
    public static int IndexRank(this ITypeSymbol type) =>
        !type.IsDialect() ? 0 : type.Name switch { "Index1D" => 1, "Index2D" => 2, "Index3D" => 3, _ => 0 };

    /// <summary>The number type that a type is for C: an enumeration is its number, an Index1D is an int.</summary>
    public static SpecialType Number(this ITypeSymbol type) =>
        type.IsIndex1D() ? SpecialType.System_Int32
        : type.TypeKind == TypeKind.Enum ? ((INamedTypeSymbol)type).EnumUnderlyingType!.SpecialType
        : type.SpecialType;

    /// <summary>The method as it is written where it is used: an accessor is its property, an operator its sign.</summary>
    public static string Spelling(this IMethodSymbol method) => method.MethodKind switch
    {
        MethodKind.PropertyGet or MethodKind.PropertySet when method.AssociatedSymbol is IPropertySymbol property => property.IsIndexer ? "this[]" : property.Name,
        MethodKind.Constructor => $"the constructor of {method.ContainingType.Name}",
        MethodKind.Conversion => $"the conversion to {method.ReturnType.ToDisplayString()}",
        MethodKind.UserDefinedOperator or MethodKind.BuiltinOperator => SyntaxFacts.GetText(SyntaxFacts.GetOperatorKind(method.Name)),
        _ => method.Name,
    };

    public static bool IsFloating(this SpecialType type) => type is SpecialType.System_Single or SpecialType.System_Double;

    public static bool IsInteger(this SpecialType type) => type is >= SpecialType.System_Char and <= SpecialType.System_UInt64;

    public static bool IsScalar(this SpecialType type) => type == SpecialType.System_Boolean || type.IsInteger() || type.IsFloating();

    public static bool IsUnsigned(this SpecialType type) => type is SpecialType.System_Byte or SpecialType.System_UInt16 or SpecialType.System_Char
        or SpecialType.System_UInt32 or SpecialType.System_UInt64;

    public static int Bytes(this SpecialType type) => type switch
    {
        SpecialType.System_Boolean or SpecialType.System_Byte or SpecialType.System_SByte => 1,
        SpecialType.System_Int16 or SpecialType.System_UInt16 or SpecialType.System_Char => 2,
        SpecialType.System_Int64 or SpecialType.System_UInt64 or SpecialType.System_Double => 8,
        _ => 4,
    };

    public static SpecialType ToUnsigned(this SpecialType type) => type switch
    {
        SpecialType.System_Int32 => SpecialType.System_UInt32,
        SpecialType.System_Int64 => SpecialType.System_UInt64,
        _ => type,
    };

    /// <summary>The name that runtime functions have for a type.</summary>
    public static string Word(this SpecialType type) => type switch
    {
        SpecialType.System_UInt32 => "uint",
        SpecialType.System_Int64 => "long",
        SpecialType.System_UInt64 => "ulong",
        SpecialType.System_Single => "float",
        SpecialType.System_Double => "double",
        _ => "int",
    };
}
