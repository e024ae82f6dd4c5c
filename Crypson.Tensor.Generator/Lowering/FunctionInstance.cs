namespace Crypson.Generator.Lowering;

/// <summary>A helper as one function of the program: for given type arguments and kinds of memory.</summary>
/// <param name="Name">Its name in the program.</param>
/// <param name="HasEffects">True when it changes something that its caller sees.</param>
internal sealed record FunctionInstance(string Name, bool HasEffects);
