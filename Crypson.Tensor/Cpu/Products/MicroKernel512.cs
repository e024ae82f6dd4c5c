using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Crypson.Cpu.Products;

/// <summary>A 6 x 64 tile in 24 of the 32 AVX-512 registers; four hold a row of B, one an element of A.</summary>
internal readonly unsafe struct MicroKernel512 : IMicroKernel
{
    public static int Rows => 6;

    public static int Columns => 64;

    // Compiled once and for good: the first calls in unoptimised code would take as long as thousands of later ones.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int k, float* a, float* b, float* tile, bool add, nint ahead)
    {
        Vector512<float> c00, c01, c02, c03;
        Vector512<float> c10, c11, c12, c13;
        Vector512<float> c20, c21, c22, c23;
        Vector512<float> c30, c31, c32, c33;
        Vector512<float> c40, c41, c42, c43;
        Vector512<float> c50, c51, c52, c53;
        do
        {
            c00 = c01 = c02 = c03 = Vector512<float>.Zero;
            c10 = c11 = c12 = c13 = Vector512<float>.Zero;
            c20 = c21 = c22 = c23 = Vector512<float>.Zero;
            c30 = c31 = c32 = c33 = Vector512<float>.Zero;
            c40 = c41 = c42 = c43 = Vector512<float>.Zero;
            c50 = c51 = c52 = c53 = Vector512<float>.Zero;

            var count = Math.Min(k, IMicroKernel.RunLength);
            k -= count;
            for (; count > 0; count--)
            {
                var b0 = Vector512.Load(b);
                var b1 = Vector512.Load(b + 16);
                var b2 = Vector512.Load(b + 32);
                var b3 = Vector512.Load(b + 48);
                var x = Vector512.Create(a[0]);
                c00 = Vector512.FusedMultiplyAdd(x, b0, c00);
                c01 = Vector512.FusedMultiplyAdd(x, b1, c01);
                c02 = Vector512.FusedMultiplyAdd(x, b2, c02);
                c03 = Vector512.FusedMultiplyAdd(x, b3, c03);
                x = Vector512.Create(a[1]);
                c10 = Vector512.FusedMultiplyAdd(x, b0, c10);
                c11 = Vector512.FusedMultiplyAdd(x, b1, c11);
                c12 = Vector512.FusedMultiplyAdd(x, b2, c12);
                c13 = Vector512.FusedMultiplyAdd(x, b3, c13);
                x = Vector512.Create(a[2]);
                c20 = Vector512.FusedMultiplyAdd(x, b0, c20);
                c21 = Vector512.FusedMultiplyAdd(x, b1, c21);
                c22 = Vector512.FusedMultiplyAdd(x, b2, c22);
                c23 = Vector512.FusedMultiplyAdd(x, b3, c23);
                x = Vector512.Create(a[3]);
                c30 = Vector512.FusedMultiplyAdd(x, b0, c30);
                c31 = Vector512.FusedMultiplyAdd(x, b1, c31);
                c32 = Vector512.FusedMultiplyAdd(x, b2, c32);
                c33 = Vector512.FusedMultiplyAdd(x, b3, c33);
                x = Vector512.Create(a[4]);
                c40 = Vector512.FusedMultiplyAdd(x, b0, c40);
                c41 = Vector512.FusedMultiplyAdd(x, b1, c41);
                c42 = Vector512.FusedMultiplyAdd(x, b2, c42);
                c43 = Vector512.FusedMultiplyAdd(x, b3, c43);
                x = Vector512.Create(a[5]);
                c50 = Vector512.FusedMultiplyAdd(x, b0, c50);
                c51 = Vector512.FusedMultiplyAdd(x, b1, c51);
                c52 = Vector512.FusedMultiplyAdd(x, b2, c52);
                c53 = Vector512.FusedMultiplyAdd(x, b3, c53);
                MatrixPacker.Prefetch(a + ahead);
                a += 6;
                b += 64;
            }

            if (add)
            {
                c00 += Vector512.Load(tile);
                c01 += Vector512.Load(tile + 16);
                c02 += Vector512.Load(tile + 32);
                c03 += Vector512.Load(tile + 48);
                c10 += Vector512.Load(tile + 64);
                c11 += Vector512.Load(tile + 80);
                c12 += Vector512.Load(tile + 96);
                c13 += Vector512.Load(tile + 112);
                c20 += Vector512.Load(tile + 128);
                c21 += Vector512.Load(tile + 144);
                c22 += Vector512.Load(tile + 160);
                c23 += Vector512.Load(tile + 176);
                c30 += Vector512.Load(tile + 192);
                c31 += Vector512.Load(tile + 208);
                c32 += Vector512.Load(tile + 224);
                c33 += Vector512.Load(tile + 240);
                c40 += Vector512.Load(tile + 256);
                c41 += Vector512.Load(tile + 272);
                c42 += Vector512.Load(tile + 288);
                c43 += Vector512.Load(tile + 304);
                c50 += Vector512.Load(tile + 320);
                c51 += Vector512.Load(tile + 336);
                c52 += Vector512.Load(tile + 352);
                c53 += Vector512.Load(tile + 368);
            }

            c00.Store(tile);
            c01.Store(tile + 16);
            c02.Store(tile + 32);
            c03.Store(tile + 48);
            c10.Store(tile + 64);
            c11.Store(tile + 80);
            c12.Store(tile + 96);
            c13.Store(tile + 112);
            c20.Store(tile + 128);
            c21.Store(tile + 144);
            c22.Store(tile + 160);
            c23.Store(tile + 176);
            c30.Store(tile + 192);
            c31.Store(tile + 208);
            c32.Store(tile + 224);
            c33.Store(tile + 240);
            c40.Store(tile + 256);
            c41.Store(tile + 272);
            c42.Store(tile + 288);
            c43.Store(tile + 304);
            c50.Store(tile + 320);
            c51.Store(tile + 336);
            c52.Store(tile + 352);
            c53.Store(tile + 368);
            add = true;
        }
        while (k > 0);
    }
}
