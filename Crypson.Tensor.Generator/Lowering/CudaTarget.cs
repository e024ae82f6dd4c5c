using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace Crypson.Generator.Lowering;

/// <summary>CUDA C, as NVRTC takes it without any header; to be compiled with --fmad=false.</summary>
internal sealed class CudaTarget : Target
{
    private static readonly string[] Axes = ["x", "y", "z"];

    public override string Name => "CUDA";

    public override string Function => "static __device__ __forceinline__ ";

    public override string Kernel => "extern \"C\" __global__ void ";

    public override string Barrier => "__syncthreads()";

    public override string GroupFence => "__threadfence_block()";

    public override string DeviceFence => "__threadfence()";

    public override string LongSuffix => "LL";

    public override string Shared => "__shared__ ";

    public override string? Vector(int count) => count == 4 ? "float4" : null;

    public override string VectorFunction(string name, string vector) => $"cry_{name}_{vector}";

    public override string Aligned(string declaration) => $"__align__(16) {declaration}";

    public override string Header(bool usesDouble) => "";

    public override string Scalar(SpecialType type) => type switch
    {
        SpecialType.System_Boolean or SpecialType.System_Byte => "unsigned char",
        SpecialType.System_SByte => "signed char",
        SpecialType.System_Int16 => "short",
        SpecialType.System_UInt16 or SpecialType.System_Char => "unsigned short",
        SpecialType.System_Int32 => "int",
        SpecialType.System_UInt32 => "unsigned int",
        SpecialType.System_Int64 => "long long",
        SpecialType.System_UInt64 => "unsigned long long",
        SpecialType.System_Single => "float",
        SpecialType.System_Double => "double",
        _ => "void",
    };

    public override string Space(AddressSpace space) => "";

    public override string GroupIndex(int axis) => $"(int)threadIdx.{Axes[axis]}";

    public override string GroupDim(int axis) => $"(int)blockDim.{Axes[axis]}";

    public override string GridIndex(int axis) => $"(int)blockIdx.{Axes[axis]}";

    public override string GridDim(int axis) => $"(int)gridDim.{Axes[axis]}";

    public override string Global(int axis) => $"(int)(blockIdx.{Axes[axis]} * blockDim.{Axes[axis]} + threadIdx.{Axes[axis]})";

    public override string Math(string name, bool isDouble) => name switch
    {
        "popcount" => isDouble ? "__popcll" : "__popc",
        "clz" => isDouble ? "__clzll" : "__clz",
        _ => isDouble ? name : name + "f",
    };

    public override string Bits(SpecialType from, SpecialType to) => (from, to) switch
    {
        (SpecialType.System_Single, SpecialType.System_Int32) => "__float_as_int",
        (SpecialType.System_Single, _) => "__float_as_uint",
        (SpecialType.System_Int32, _) => "__int_as_float",
        (SpecialType.System_UInt32, _) => "__uint_as_float",
        (SpecialType.System_Double, _) => "__double_as_longlong",
        _ => "__longlong_as_double",
    };

    public override string Translate(string function)
    {
        var text = function.Replace("$F", "static __device__ __forceinline__");
        text = Regex.Replace(text, @"\bas_int\b", "__float_as_int");
        text = Regex.Replace(text, @"\bas_uint\b", "__float_as_uint");
        text = Regex.Replace(text, @"\bas_float\b", "__uint_as_float");
        text = Regex.Replace(text, @"\bas_long\b", "__double_as_longlong");
        text = Regex.Replace(text, @"\blong\b", "long long");
        text = Regex.Replace(text, @"\bulong\b", "unsigned long long");
        text = Regex.Replace(text, @"\buint\b", "unsigned int");
        return text.Replace("popcount_long(", "__popcll(").Replace("popcount(", "__popc(").Replace("clz_long(", "__clzll(").Replace("clz(", "__clz(");
    }

    public override string? Warp(string member, IReadOnlyList<string> arguments)
    {
        var list = string.Join(", ", arguments);
        return member switch
        {
            "Shuffle" => $"__shfl_sync(0xffffffffu, {list})",
            "ShuffleDown" => $"__shfl_down_sync(0xffffffffu, {list})",
            "ShuffleUp" => $"__shfl_up_sync(0xffffffffu, {list})",
            "ShuffleXor" => $"__shfl_xor_sync(0xffffffffu, {list})",
            _ => null,
        };
    }

    public override string Atomic(string name, SpecialType type) => name switch
    {
        "Exchange" => "atomicExch",
        "CompareExchange" => "atomicCAS",
        _ => "atomic" + name,
    };
}
