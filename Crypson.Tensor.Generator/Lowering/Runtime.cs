namespace Crypson.Generator.Lowering;

/// <summary>
/// Functions that give an operation C#'s meaning where C has another or none. A program holds those it uses. Written in
/// OpenCL C; the target translates the names of types.
/// </summary>
internal static class Runtime
{
    public static readonly Dictionary<string, string> Functions = Build();

    private static Dictionary<string, string> Build()
    {
        var functions = new Dictionary<string, string>();

        // Where C# throws (division by zero, the smallest number divided by -1) a kernel gets 0, or the number that wraps.
        foreach (var (type, unsigned, zero) in new[] { ("int", "uint", "0u"), ("long", "ulong", "(ulong)0") })
        {
            Add($"cry_div_{type}", $"{type} a, {type} b", type, $"b == 0 ? 0 : b == -1 ? ({type})({zero} - ({unsigned})a) : a / b");
            Add($"cry_rem_{type}", $"{type} a, {type} b", type, "b == 0 || b == -1 ? 0 : a % b");
            Add($"cry_div_{unsigned}", $"{unsigned} a, {unsigned} b", unsigned, "b == 0 ? 0 : a / b");
            Add($"cry_rem_{unsigned}", $"{unsigned} a, {unsigned} b", unsigned, "b == 0 ? 0 : a % b");
            Add($"cry_abs_{type}", $"{type} a", type, $"a < 0 ? ({type})({zero} - ({unsigned})a) : a");
            foreach (var number in new[] { type, unsigned })
            {
                Add($"cry_min_{number}", $"{number} a, {number} b", number, "a < b ? a : b");
                Add($"cry_max_{number}", $"{number} a, {number} b", number, "a > b ? a : b");
                Add($"cry_clamp_{number}", $"{number} a, {number} low, {number} high", number, "a < low ? low : a > high ? high : a");
            }

            Add($"cry_sign_{type}", $"{type} a", "int", "a < 0 ? -1 : a > 0 ? 1 : 0");
            var bits = type == "int" ? 32 : 64;
            Add($"cry_rotl_{unsigned}", $"{unsigned} a, int n", unsigned, $"(a << (n & {bits - 1})) | (a >> (({bits} - (n & {bits - 1})) & {bits - 1}))");
            Add($"cry_rotr_{unsigned}", $"{unsigned} a, int n", unsigned, $"(a >> (n & {bits - 1})) | (a << (({bits} - (n & {bits - 1})) & {bits - 1}))");
        }

        // A NaN stays a NaN, and -0 is below +0.
        foreach (var (type, bits) in new[] { ("float", "as_int"), ("double", "as_long") })
        {
            Add($"cry_min_{type}", $"{type} a, {type} b", type, $"a != a ? a : b != b ? b : a < b ? a : b < a ? b : {bits}(a) < 0 ? a : b");
            Add($"cry_max_{type}", $"{type} a, {type} b", type, $"a != a ? a : b != b ? b : a > b ? a : b > a ? b : {bits}(a) < 0 ? b : a");
            Add($"cry_clamp_{type}", $"{type} a, {type} low, {type} high", type, "a < low ? low : a > high ? high : a");
            Add($"cry_sign_{type}", $"{type} a", "int", "a < 0 ? -1 : a > 0 ? 1 : 0");

            // Out of range becomes the nearest end, NaN becomes 0.
            Add($"cry_isnumber_{type}", $"{type} a", "int", "a == a");
            var suffix = type == "float" ? "f" : "";
            Add($"cry_int_{type}", $"{type} a", "int", $"a >= 2147483648.0{suffix} ? 2147483647 : a >= -2147483648.0{suffix} ? (int)a : a < 0 ? (-2147483647 - 1) : 0");
            Add($"cry_uint_{type}", $"{type} a", "uint", $"a >= 4294967296.0{suffix} ? 0xffffffffu : a > 0 ? (uint)a : 0u");
            Add($"cry_long_{type}", $"{type} a", "long", $"a >= 9223372036854775808.0{suffix} ? (long)0x7fffffffffffffff : a >= -9223372036854775808.0{suffix} ? (long)a : a < 0 ? (-(long)0x7fffffffffffffff - 1) : 0");
            Add($"cry_ulong_{type}", $"{type} a", "ulong", $"a >= 18446744073709551616.0{suffix} ? ~(ulong)0 : a > 0 ? (ulong)a : (ulong)0");
        }

        Add("cry_isinf_float", "float a", "int", "(as_uint(a) & 0x7fffffffu) == 0x7f800000u");
        Add("cry_isfinite_float", "float a", "int", "(as_uint(a) & 0x7f800000u) != 0x7f800000u");
        Add("cry_isnegative_float", "float a", "int", "as_int(a) < 0");
        Add("cry_isinf_double", "double a", "int", "(as_long(a) & 0x7fffffffffffffff) == 0x7ff0000000000000");
        Add("cry_isfinite_double", "double a", "int", "(as_long(a) & 0x7ff0000000000000) != 0x7ff0000000000000");
        Add("cry_isnegative_double", "double a", "int", "as_long(a) < 0");

        // CUDA C has the type, but no arithmetic on it.
        Add("cry_create_float4", "float x, float y, float z, float w", "float4", "{x, y, z, w}");
        Add("cry_broadcast_float4", "float a", "float4", "{a, a, a, a}");
        Add("cry_fma_float4", "float4 a, float4 b, float4 c", "float4", $"{{{string.Join(", ", "xyzw".Select(lane => $"fmaf(a.{lane}, b.{lane}, c.{lane})"))}}}");

        // OpenCL C 1.2 has no atomic addition of floats.
        functions["cry_atomic_add_float_global"] = AtomicAdd("global");
        functions["cry_atomic_add_float_local"] = AtomicAdd("local");
        return functions;

        void Add(string name, string parameters, string type, string result) =>
            functions[name] = $"$F {type} {name}({parameters})\n{{\n    return {result};\n}}\n";
    }

    private static string AtomicAdd(string space) =>
        $$"""
        $F float cry_atomic_add_float_{{space}}(volatile __{{space}} float* target, float value)
        {
            volatile __{{space}} uint* bits = (volatile __{{space}} uint*)target;
            uint seen = *bits;
            for (;;)
            {
                uint old = atomic_cmpxchg(bits, seen, as_uint(as_float(seen) + value));
                if (old == seen)
                {
                    return as_float(old);
                }
                seen = old;
            }
        }

        """.Replace("\r", "");
}
