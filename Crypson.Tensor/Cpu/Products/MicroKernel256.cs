using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Crypson.Cpu.Products;

/// <summary>A 6 x 16 tile in 12 of the 16 AVX registers; two hold a row of B, one an element of A.</summary>
internal readonly unsafe struct MicroKernel256 : IMicroKernel
{
    public static int Rows => 6;

    public static int Columns => 16;

    // Compiled once and for good: the first calls in unoptimised code would take as long as thousands of later ones.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int k, float* a, float* b, float* tile, bool add, nint ahead)
    {
        Vector256<float> c00, c01;
        Vector256<float> c10, c11;
        Vector256<float> c20, c21;
        Vector256<float> c30, c31;
        Vector256<float> c40, c41;
        Vector256<float> c50, c51;
        do
        {
            c00 = c01 = Vector256<float>.Zero;
            c10 = c11 = Vector256<float>.Zero;
            c20 = c21 = Vector256<float>.Zero;
            c30 = c31 = Vector256<float>.Zero;
            c40 = c41 = Vector256<float>.Zero;
            c50 = c51 = Vector256<float>.Zero;

            var count = Math.Min(k, IMicroKernel.RunLength);
            k -= count;
            for (; count >= 4; count -= 4)
            {
                MatrixPacker.Prefetch(a + ahead);
                MatrixPacker.Prefetch(a + ahead + 16);
                Step(
                    a, b, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
                Step(
                    a + 6, b + 16, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
                Step(
                    a + 12, b + 32, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
                Step(
                    a + 18, b + 48, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
                a += 24;
                b += 64;
            }

            for (; count > 0; count--)
            {
                Step(
                    a, b, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
                a += 6;
                b += 16;
            }

            if (add)
            {
                c00 += Vector256.Load(tile);
                c01 += Vector256.Load(tile + 8);
                c10 += Vector256.Load(tile + 16);
                c11 += Vector256.Load(tile + 24);
                c20 += Vector256.Load(tile + 32);
                c21 += Vector256.Load(tile + 40);
                c30 += Vector256.Load(tile + 48);
                c31 += Vector256.Load(tile + 56);
                c40 += Vector256.Load(tile + 64);
                c41 += Vector256.Load(tile + 72);
                c50 += Vector256.Load(tile + 80);
                c51 += Vector256.Load(tile + 88);
            }

            c00.Store(tile);
            c01.Store(tile + 8);
            c10.Store(tile + 16);
            c11.Store(tile + 24);
            c20.Store(tile + 32);
            c21.Store(tile + 40);
            c30.Store(tile + 48);
            c31.Store(tile + 56);
            c40.Store(tile + 64);
            c41.Store(tile + 72);
            c50.Store(tile + 80);
            c51.Store(tile + 88);
            add = true;
        }
        while (k > 0);
    }

    // Inlined, so that the sums stay in registers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(
        float* a,
        float* b,
        ref Vector256<float> c00,
        ref Vector256<float> c01,
        ref Vector256<float> c10,
        ref Vector256<float> c11,
        ref Vector256<float> c20,
        ref Vector256<float> c21,
        ref Vector256<float> c30,
        ref Vector256<float> c31,
        ref Vector256<float> c40,
        ref Vector256<float> c41,
        ref Vector256<float> c50,
        ref Vector256<float> c51)
    {
        var b0 = Vector256.Load(b);
        var b1 = Vector256.Load(b + 8);
        var x = Vector256.Create(a[0]);
        c00 = Vector256.FusedMultiplyAdd(x, b0, c00);
        c01 = Vector256.FusedMultiplyAdd(x, b1, c01);
        x = Vector256.Create(a[1]);
        c10 = Vector256.FusedMultiplyAdd(x, b0, c10);
        c11 = Vector256.FusedMultiplyAdd(x, b1, c11);
        x = Vector256.Create(a[2]);
        c20 = Vector256.FusedMultiplyAdd(x, b0, c20);
        c21 = Vector256.FusedMultiplyAdd(x, b1, c21);
        x = Vector256.Create(a[3]);
        c30 = Vector256.FusedMultiplyAdd(x, b0, c30);
        c31 = Vector256.FusedMultiplyAdd(x, b1, c31);
        x = Vector256.Create(a[4]);
        c40 = Vector256.FusedMultiplyAdd(x, b0, c40);
        c41 = Vector256.FusedMultiplyAdd(x, b1, c41);
        x = Vector256.Create(a[5]);
        c50 = Vector256.FusedMultiplyAdd(x, b0, c50);
        c51 = Vector256.FusedMultiplyAdd(x, b1, c51);
    }
}
