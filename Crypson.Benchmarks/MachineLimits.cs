using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Crypson.Benchmarks;

/// <summary>What the machine allows: fused multiply-additions out of registers, and copying of memory.</summary>
/// <param name="FmaGigaFlops">10⁹ operations a second of all threads, 2 per multiply-add.</param>
/// <param name="CopyGigaBytes">10⁹ bytes a second, read and written, of a 64 MiB copy by all threads.</param>
public sealed record MachineLimits(double FmaGigaFlops, double CopyGigaBytes)
{
    private const int Repeats = 5;
    private const int Loops = 4_000_000;
    private const int CopyFloats = 16 << 20;

    // Independent sums: enough to hide a latency of 4 cycles on 2 units.
    private const int Sums = 12;

    /// <summary>The widest vectors that the kernels use here.</summary>
    public static string InstructionSet => Vector512.IsHardwareAccelerated ? "AVX-512" : Avx2.IsSupported && Fma.IsSupported ? "AVX2 and FMA" : "128-bit vectors";

    /// <summary>Measures with <paramref name="threads"/> threads; the best of a few repeats. Takes about a second.</summary>
    public static MachineLimits Measure(int threads)
    {
        var lanes = Vector512.IsHardwareAccelerated ? 16 : Avx2.IsSupported ? 8 : 4;
        var fma = Best(threads, _ => Keep(Vector512.IsHardwareAccelerated ? Fma512(Loops) : Avx2.IsSupported ? Fma256(Loops) : Fma128(Loops)));
        var (from, to) = (new float[CopyFloats], new float[CopyFloats]);
        from.AsSpan().Fill(1);
        to.AsSpan().Fill(2);
        var copy = Best(threads, index =>
        {
            var (first, last) = ((int)((long)CopyFloats * index / threads), (int)((long)CopyFloats * (index + 1) / threads));
            from.AsSpan(first, last - first).CopyTo(to.AsSpan(first));
        });
        return new MachineLimits(2.0 * Sums * lanes * Loops * threads / fma * 1e-9, 2.0 * CopyFloats * sizeof(float) / copy * 1e-9);
    }

    private static float result;

    private static void Keep(float value) => Volatile.Write(ref result, value);

    private static double Best(int threads, Action<int> work)
    {
        var best = double.PositiveInfinity;
        for (var i = 0; i < Repeats; i++)
        {
            using var ready = new Barrier(threads + 1);
            var running = Enumerable.Range(0, threads).Select(index =>
            {
                var thread = new Thread(() =>
                {
                    ready.SignalAndWait();
                    work(index);
                });
                thread.Start();
                return thread;
            }).ToList();
            var start = Stopwatch.GetTimestamp();
            ready.SignalAndWait();
            running.ForEach(thread => thread.Join());
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Fma512(int loops)
    {
        var (x, y) = (Vector512.Create(0.999f), Vector512.Create(0.001f));
        var (a, b, c, d, e, f) = (x, x, x, x, x, x);
        var (g, h, i, j, k, l) = (y, y, y, y, y, y);
        for (; loops > 0; loops--)
        {
            a = Vector512.FusedMultiplyAdd(a, x, y);
            b = Vector512.FusedMultiplyAdd(b, x, y);
            c = Vector512.FusedMultiplyAdd(c, x, y);
            d = Vector512.FusedMultiplyAdd(d, x, y);
            e = Vector512.FusedMultiplyAdd(e, x, y);
            f = Vector512.FusedMultiplyAdd(f, x, y);
            g = Vector512.FusedMultiplyAdd(g, x, y);
            h = Vector512.FusedMultiplyAdd(h, x, y);
            i = Vector512.FusedMultiplyAdd(i, x, y);
            j = Vector512.FusedMultiplyAdd(j, x, y);
            k = Vector512.FusedMultiplyAdd(k, x, y);
            l = Vector512.FusedMultiplyAdd(l, x, y);
        }

        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Fma256(int loops)
    {
        var (x, y) = (Vector256.Create(0.999f), Vector256.Create(0.001f));
        var (a, b, c, d, e, f) = (x, x, x, x, x, x);
        var (g, h, i, j, k, l) = (y, y, y, y, y, y);
        for (; loops > 0; loops--)
        {
            a = Vector256.MultiplyAddEstimate(a, x, y);
            b = Vector256.MultiplyAddEstimate(b, x, y);
            c = Vector256.MultiplyAddEstimate(c, x, y);
            d = Vector256.MultiplyAddEstimate(d, x, y);
            e = Vector256.MultiplyAddEstimate(e, x, y);
            f = Vector256.MultiplyAddEstimate(f, x, y);
            g = Vector256.MultiplyAddEstimate(g, x, y);
            h = Vector256.MultiplyAddEstimate(h, x, y);
            i = Vector256.MultiplyAddEstimate(i, x, y);
            j = Vector256.MultiplyAddEstimate(j, x, y);
            k = Vector256.MultiplyAddEstimate(k, x, y);
            l = Vector256.MultiplyAddEstimate(l, x, y);
        }

        return Vector256.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Fma128(int loops)
    {
        var (x, y) = (Vector128.Create(0.999f), Vector128.Create(0.001f));
        var (a, b, c, d, e, f) = (x, x, x, x, x, x);
        var (g, h, i, j, k, l) = (y, y, y, y, y, y);
        for (; loops > 0; loops--)
        {
            a = Vector128.MultiplyAddEstimate(a, x, y);
            b = Vector128.MultiplyAddEstimate(b, x, y);
            c = Vector128.MultiplyAddEstimate(c, x, y);
            d = Vector128.MultiplyAddEstimate(d, x, y);
            e = Vector128.MultiplyAddEstimate(e, x, y);
            f = Vector128.MultiplyAddEstimate(f, x, y);
            g = Vector128.MultiplyAddEstimate(g, x, y);
            h = Vector128.MultiplyAddEstimate(h, x, y);
            i = Vector128.MultiplyAddEstimate(i, x, y);
            j = Vector128.MultiplyAddEstimate(j, x, y);
            k = Vector128.MultiplyAddEstimate(k, x, y);
            l = Vector128.MultiplyAddEstimate(l, x, y);
        }

        return Vector128.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }
}
