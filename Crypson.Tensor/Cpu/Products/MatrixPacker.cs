using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Crypson.Cpu.Products;

/// <summary>Copies a strided block of lanes x k into a panel.</summary>
internal static unsafe class MatrixPacker
{
    // How far ahead rows are asked for.
    private const int PrefetchBytes = 2048;

    /// <summary>panel[i * width + j] = source[j * laneStride + i * kStride] for j below lanes, 0 for the other lanes.</summary>
    public static void Pack(float* source, nint laneStride, nint kStride, int lanes, int width, int count, float* panel)
    {
        if (laneStride == 1)
        {
            CopyRows(source, kStride, lanes, width, count, panel);
        }
        else if (kStride == 1 && Avx.IsSupported)
        {
            Transpose(source, laneStride, lanes, width, count, panel);
        }
        else
        {
            CopyElements(source, laneStride, kStride, lanes, width, count, panel);
        }
    }

    private static void CopyRows(float* source, nint kStride, int lanes, int width, int count, float* panel)
    {
        if (lanes == width && width % 8 == 0)
        {
            // Rows a page apart are beyond the processor's own prefetching.
            var ahead = Math.Max(1, PrefetchBytes / (width * sizeof(float))) * kStride;
            for (; count > 0; count--)
            {
                for (var j = 0; j < width; j += 16)
                {
                    Prefetch(source + ahead + j);
                }

                for (var j = 0; j < width; j += 8)
                {
                    Vector256.Load(source + j).Store(panel + j);
                }

                source += kStride;
                panel += width;
            }
        }
        else if (lanes == width && width == 6)
        {
            for (; count > 0; count--)
            {
                Vector128.Load(source).Store(panel);
                Unsafe.WriteUnaligned(panel + 4, Unsafe.ReadUnaligned<ulong>(source + 4));
                source += kStride;
                panel += 6;
            }
        }
        else
        {
            CopyElements(source, 1, kStride, lanes, width, count, panel);
        }
    }

    /// <summary>Asks for the cache line of an address, which need not be readable.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }

    private static void CopyElements(float* source, nint laneStride, nint kStride, int lanes, int width, int count, float* panel)
    {
        for (; count > 0; count--)
        {
            var element = source;
            for (var j = 0; j < lanes; j++)
            {
                panel[j] = *element;
                element += laneStride;
            }

            for (var j = lanes; j < width; j++)
            {
                panel[j] = 0;
            }

            source += kStride;
            panel += width;
        }
    }

    private static void Transpose(float* source, nint laneStride, int lanes, int width, int count, float* panel)
    {
        for (var lane = 0; lane < width; lane += 8)
        {
            var used = Math.Clamp(lanes - lane, 0, 8);
            var lines = source + lane * laneStride;
            var i = 0;

            // A store covers 8 lanes. In a panel narrower than that it spills into the next k, which is written
            // after it; the last k must not spill, so it is left to the plain loop.
            var limit = width - lane >= 8 ? count - 8 : count - 9;
            for (; i <= limit; i += 8)
            {
                Transpose8(lines + i, laneStride, used, panel + (nint)i * width + lane, width);
            }

            for (; i < count; i++)
            {
                var row = panel + (nint)i * width + lane;
                for (var j = 0; j < Math.Min(8, width - lane); j++)
                {
                    row[j] = j < used ? lines[j * laneStride + i] : 0;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose8(float* source, nint stride, int lanes, float* target, nint width)
    {
        var zero = Vector256<float>.Zero;
        var r0 = lanes > 0 ? Vector256.Load(source) : zero;
        var r1 = lanes > 1 ? Vector256.Load(source + stride) : zero;
        var r2 = lanes > 2 ? Vector256.Load(source + 2 * stride) : zero;
        var r3 = lanes > 3 ? Vector256.Load(source + 3 * stride) : zero;
        var r4 = lanes > 4 ? Vector256.Load(source + 4 * stride) : zero;
        var r5 = lanes > 5 ? Vector256.Load(source + 5 * stride) : zero;
        var r6 = lanes > 6 ? Vector256.Load(source + 6 * stride) : zero;
        var r7 = lanes > 7 ? Vector256.Load(source + 7 * stride) : zero;
        var t0 = Avx.UnpackLow(r0, r1);
        var t1 = Avx.UnpackHigh(r0, r1);
        var t2 = Avx.UnpackLow(r2, r3);
        var t3 = Avx.UnpackHigh(r2, r3);
        var t4 = Avx.UnpackLow(r4, r5);
        var t5 = Avx.UnpackHigh(r4, r5);
        var t6 = Avx.UnpackLow(r6, r7);
        var t7 = Avx.UnpackHigh(r6, r7);
        var s0 = Avx.Shuffle(t0, t2, 0x44);
        var s1 = Avx.Shuffle(t0, t2, 0xEE);
        var s2 = Avx.Shuffle(t1, t3, 0x44);
        var s3 = Avx.Shuffle(t1, t3, 0xEE);
        var s4 = Avx.Shuffle(t4, t6, 0x44);
        var s5 = Avx.Shuffle(t4, t6, 0xEE);
        var s6 = Avx.Shuffle(t5, t7, 0x44);
        var s7 = Avx.Shuffle(t5, t7, 0xEE);
        Avx.Permute2x128(s0, s4, 0x20).Store(target);
        Avx.Permute2x128(s1, s5, 0x20).Store(target + width);
        Avx.Permute2x128(s2, s6, 0x20).Store(target + 2 * width);
        Avx.Permute2x128(s3, s7, 0x20).Store(target + 3 * width);
        Avx.Permute2x128(s0, s4, 0x31).Store(target + 4 * width);
        Avx.Permute2x128(s1, s5, 0x31).Store(target + 5 * width);
        Avx.Permute2x128(s2, s6, 0x31).Store(target + 6 * width);
        Avx.Permute2x128(s3, s7, 0x31).Store(target + 7 * width);
    }
}
