namespace Crypson.Generator;

/// <summary>What the generator makes of one kernel or function: plain values, so that an unrelated edit changes nothing.</summary>
/// <param name="Hint">The name of the generated file.</param>
/// <param name="Key">What two kernels must not share: the type and the name.</param>
/// <param name="Code">The generated C#; empty when there are diagnostics.</param>
internal sealed record KernelModel(string Hint, string Key, string Code, EquatableArray<DiagnosticModel> Diagnostics);
