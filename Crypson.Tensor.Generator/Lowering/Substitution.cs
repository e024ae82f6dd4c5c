using Microsoft.CodeAnalysis;

namespace Crypson.Generator.Lowering;

/// <summary>Which type stands for each type parameter in one instance of a generic method.</summary>
internal sealed class Substitution
{
    private readonly Dictionary<ITypeParameterSymbol, ITypeSymbol> types = new(SymbolEqualityComparer.Default);

    public static Substitution For(IMethodSymbol method, IReadOnlyList<ITypeSymbol> methodArguments, INamedTypeSymbol? container)
    {
        var result = new Substitution();
        for (var i = 0; i < methodArguments.Count; i++)
        {
            result.types[method.OriginalDefinition.TypeParameters[i]] = methodArguments[i];
        }

        for (var type = container; type is not null; type = type.ContainingType)
        {
            for (var i = 0; i < type.TypeArguments.Length; i++)
            {
                result.types[type.OriginalDefinition.TypeParameters[i]] = type.TypeArguments[i];
            }
        }

        return result;
    }

    public ITypeSymbol Apply(ITypeSymbol type) => type switch
    {
        ITypeParameterSymbol parameter => types.TryGetValue(parameter, out var concrete) ? concrete : type,
        INamedTypeSymbol { IsGenericType: true, IsUnboundGenericType: false } named => Apply(named),
        _ => type,
    };

    public INamedTypeSymbol Apply(INamedTypeSymbol type)
    {
        if (!type.IsGenericType || type.TypeArguments.Length == 0)
        {
            return type;
        }

        // The underlying form of a tuple: element names are of no interest here.
        var plain = type.IsTupleType && type.TupleUnderlyingType is { } underlying ? underlying : type;
        return plain.OriginalDefinition.Construct([.. plain.TypeArguments.Select(Apply)]);
    }
}
