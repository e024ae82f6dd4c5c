using Microsoft.CodeAnalysis;

namespace Crypson.Generator;

/// <summary>The text of a kernel for given type arguments.</summary>
internal sealed record LoweredProgram(ITypeSymbol[] Types, string Name, string? OpenCl, string? Cuda, bool UsesDouble, bool UsesGroup);
