using System.Globalization;
using System.Text;

namespace Crypson.Generator.Lowering;

/// <summary>Gives each C# name one that means nothing else in OpenCL C or CUDA C.</summary>
internal sealed class Names
{
    private static readonly HashSet<string> Reserved = [.. (
        // C and C++
        "alignas alignof and and_eq asm atomic auto bitand bitor bool break case catch char class compl concept const consteval constexpr constinit "
        + "const_cast continue co_await co_return co_yield decltype default delete do double dynamic_cast else enum explicit export extern false "
        + "float for friend goto if inline int long main mutable namespace new noexcept not not_eq nullptr operator or or_eq private protected public "
        + "register reinterpret_cast requires restrict return short signed sizeof static static_assert static_cast struct switch template this "
        + "thread_local throw true try typedef typeid typename typeof union unsigned using virtual void volatile wchar_t while xor xor_eq "
        // OpenCL C
        + "half kernel global local constant generic read_only write_only read_write uniform pipe image2d_t image3d_t sampler_t event_t complex imaginary "
        + "uchar ushort uint ulong quad size_t ptrdiff_t intptr_t uintptr_t bool2 vec_step barrier mem_fence read_mem_fence write_mem_fence "
        + "prefetch async_work_group_copy wait_group_events printf shuffle shuffle2 "
        // mathematics of either
        + "acos acosh acospi asin asinh asinpi atan atan2 atanh atanpi atan2pi cbrt ceil copysign cos cosh cospi erf erfc erfcinv erfinv exp exp2 exp10 "
        + "expm1 fabs fdim floor fma fmax fmin fmod fract frexp hypot ilogb j0 j1 jn y0 y1 yn ldexp lgamma lgamma_r log log2 log10 log1p logb mad maxmag "
        + "minmag modf nan nextafter norm normcdf pow pown powr remainder remquo rint rootn round rsqrt sin sincos sinh sinpi sqrt tan tanh tanpi tgamma "
        + "trunc abs abs_diff add_sat hadd rhadd clamp clz mad_hi mad_sat max min mul_hi rotate sub_sat upsample popcount mad24 mul24 degrees mix "
        + "radians step smoothstep sign cross dot distance length normalize fast_distance fast_length fast_normalize isequal isnotequal isgreater "
        + "isgreaterequal isless islessequal islessgreater isfinite isinf isnan isnormal isordered isunordered signbit any all bitselect select div "
        // CUDA C
        + "threadIdx blockIdx blockDim gridDim warpSize dim3 clock clock64 assert malloc free memcpy memset memcmp labs llabs umin umax ullmin ullmax "
        // macros of some compilers
        + "NULL INFINITY NAN MAXFLOAT HUGE_VAL HUGE_VALF EOF linux unix i386 near far").Split(' ')];

    private static readonly string[] Prefixes =
    [
        "_", "cry_", "cl_", "CL_", "CLK_", "as_", "convert_", "get_", "atomic", "atom_", "vload", "vstore", "native_", "half_", "read_", "write_", "work_group_",
        "sub_group_", "image", "cuda", "nv", "make_", "tex", "surf", "M_", "FLT_", "DBL_", "HALF_", "INT_", "UINT_", "LONG_", "ULONG_", "CHAR_", "SCHAR_", "UCHAR_",
        "SHRT_", "USHRT_", "FP_", "__",
    ];

    private readonly Names? outer;
    private readonly HashSet<string> used = [];
    private readonly HashSet<string> inner = [];

    /// <param name="outer">The program's names, for those of a function: neither hides the other.</param>
    public Names(Names? outer = null) => this.outer = outer;

    /// <summary>A name that nothing else in this scope has, close to the one asked for.</summary>
    public string Unique(string wanted)
    {
        var safe = Safe(wanted);
        var name = safe;
        for (var i = 2; used.Contains(name) || inner.Contains(name) || outer?.used.Contains(name) == true; i++)
        {
            name = $"{safe}_{i.ToString(CultureInfo.InvariantCulture)}";
        }

        used.Add(name);
        outer?.inner.Add(name);
        return name;
    }

    /// <summary>The name with an underscore behind it when C knows it; letters that C lacks become their numbers.</summary>
    public static string Safe(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var letter in name)
        {
            if (letter is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_')
            {
                text.Append(letter);
            }
            else
            {
                text.Append('u').Append(((int)letter).ToString("x4", CultureInfo.InvariantCulture));
            }
        }

        var safe = text.ToString();
        if (safe.StartsWith("_", StringComparison.Ordinal) || (safe.Length > 0 && char.IsDigit(safe[0])))
        {
            safe = "v" + safe;
        }

        // float4, uint16 and the like are types too.
        var stem = safe.TrimEnd('0', '1', '2', '3', '4', '6', '8');
        var isReserved = Reserved.Contains(safe) || Prefixes.Any(prefix => safe.StartsWith(prefix, StringComparison.Ordinal))
            || (stem.Length < safe.Length && stem is "char" or "uchar" or "short" or "ushort" or "int" or "uint" or "long" or "ulong" or "longlong" or "ulonglong" or "float" or "double" or "half");
        return isReserved ? safe + "_" : safe;
    }
}
