namespace Crypson;

/// <summary>
/// What NVRTC makes for a GPU: a binary for its own architecture, or PTX for an older one, which the GPU's driver compiles.
/// </summary>
/// <param name="Architecture">The number, such as 86 for 8.6.</param>
/// <param name="IsPtx">True for PTX.</param>
internal readonly record struct NvrtcTarget(int Architecture, bool IsPtx)
{
    /// <summary>The name, as <c>--gpu-architecture</c> takes it.</summary>
    public string Name => $"{(IsPtx ? "compute" : "sm")}_{Architecture}";

    /// <summary>The first compiler that knows a GPU's architecture, else the first with the newest of those before it; null if none fits.</summary>
    /// <param name="known">What a compiler knows; one that tells nothing is taken to know all.</param>
    public static (TCompiler Compiler, NvrtcTarget Target)? Choose<TCompiler>(
        int architecture, IEnumerable<TCompiler> compilers, Func<TCompiler, int[]> known)
    {
        (TCompiler Compiler, NvrtcTarget Target)? best = null;
        foreach (var compiler in compilers)
        {
            var all = known(compiler);
            if (all.Length == 0 || all.Contains(architecture))
            {
                return (compiler, new NvrtcTarget(architecture, false));
            }

            var newest = all.Where(one => one < architecture).DefaultIfEmpty().Max();
            if (newest > (best?.Target.Architecture ?? 0))
            {
                best = (compiler, new NvrtcTarget(newest, true));
            }
        }

        return best;
    }
}
