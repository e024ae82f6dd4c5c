using Microsoft.CodeAnalysis;

namespace Crypson.Generator.Lowering;

/// <summary>How a language of the C family spells what kernels need.</summary>
internal abstract class Target
{
    public abstract string Name { get; }

    /// <summary>Before each function.</summary>
    public abstract string Function { get; }

    /// <summary>Before the kernel's name.</summary>
    public abstract string Kernel { get; }

    public abstract string Barrier { get; }

    public abstract string GroupFence { get; }

    public abstract string DeviceFence { get; }

    public abstract string LongSuffix { get; }

    public abstract string Header(bool usesDouble);

    public abstract string Scalar(SpecialType type);

    /// <summary>The type of <paramref name="count"/> floats, or null when the language has none.</summary>
    public abstract string? Vector(int count);

    /// <summary>A function of vectors ("create", "broadcast" or "fma"), the language's own or the runtime's.</summary>
    public abstract string VectorFunction(string name, string vector);

    /// <summary>The declaration of an array that begins where a vector of four floats may lie.</summary>
    public abstract string Aligned(string declaration);

    /// <summary>Before a pointer's type, with a blank behind it if there is anything.</summary>
    public abstract string Space(AddressSpace space);

    /// <summary>Before an array that the group shares.</summary>
    public abstract string Shared { get; }

    public abstract string GroupIndex(int axis);

    public abstract string GroupDim(int axis);

    public abstract string GridIndex(int axis);

    public abstract string GridDim(int axis);

    public abstract string Math(string name, bool isDouble);

    /// <summary>The function that reads the bits of one type as another.</summary>
    public abstract string Bits(SpecialType from, SpecialType to);

    /// <summary>Replaces the types in a function that is written in OpenCL C.</summary>
    public abstract string Translate(string function);

    /// <summary>The text of an exchange between lanes, or null when the language has none.</summary>
    public abstract string? Warp(string member, IReadOnlyList<string> arguments);

    public abstract string Atomic(string name, SpecialType type);

    /// <summary>The position in the whole launch.</summary>
    public abstract string Global(int axis);
}
