using Microsoft.CodeAnalysis;

namespace Crypson.Generator.Lowering;

/// <summary>OpenCL C 1.2.</summary>
internal sealed class OpenClTarget : Target
{
    public override string Name => "OpenCL";

    public override string Function => "static ";

    public override string Kernel => "__kernel void ";

    public override string Barrier => "barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)";

    public override string GroupFence => "mem_fence(CLK_LOCAL_MEM_FENCE)";

    public override string DeviceFence => "mem_fence(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)";

    public override string LongSuffix => "L";

    public override string Shared => "__local ";

    public override string? Vector(int count) => $"float{count}";

    public override string VectorFunction(string name, string vector) => name == "fma" ? name : $"({vector})";

    public override string Aligned(string declaration) => $"{declaration} __attribute__((aligned(16)))";

    public override string Header(bool usesDouble) =>
        (usesDouble ? "#pragma OPENCL EXTENSION cl_khr_fp64 : enable\n" : "") + "#pragma OPENCL FP_CONTRACT OFF\n";

    public override string Scalar(SpecialType type) => type switch
    {
        SpecialType.System_Boolean or SpecialType.System_Byte => "uchar",
        SpecialType.System_SByte => "char",
        SpecialType.System_Int16 => "short",
        SpecialType.System_UInt16 or SpecialType.System_Char => "ushort",
        SpecialType.System_Int32 => "int",
        SpecialType.System_UInt32 => "uint",
        SpecialType.System_Int64 => "long",
        SpecialType.System_UInt64 => "ulong",
        SpecialType.System_Single => "float",
        SpecialType.System_Double => "double",
        _ => "void",
    };

    public override string Space(AddressSpace space) => space switch
    {
        AddressSpace.Global => "__global ",
        AddressSpace.Local => "__local ",
        _ => "",
    };

    public override string GroupIndex(int axis) => $"(int)get_local_id({axis})";

    public override string GroupDim(int axis) => $"(int)get_local_size({axis})";

    public override string GridIndex(int axis) => $"(int)get_group_id({axis})";

    public override string GridDim(int axis) => $"(int)get_num_groups({axis})";

    public override string Global(int axis) => $"(int)get_global_id({axis})";

    public override string Math(string name, bool isDouble) => name;

    public override string Bits(SpecialType from, SpecialType to) => "as_" + Scalar(to);

    public override string Translate(string function) => function.Replace("$F", "static");

    public override string? Warp(string member, IReadOnlyList<string> arguments) => null;

    public override string Atomic(string name, SpecialType type) => name switch
    {
        "Exchange" => "atomic_xchg",
        "CompareExchange" => "atomic_cmpxchg",
        _ => "atomic_" + name.ToLowerInvariant(),
    };
}
