using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Crypson.Cpu.Products;

/// <summary>A 4 x 8 tile for processors without AVX2 and FMA: 8 of 16 registers of 128 bits.</summary>
internal readonly unsafe struct MicroKernel128 : IMicroKernel
{
    public static int Rows => 4;

    public static int Columns => 8;

    // Compiled once and for good: the first calls in unoptimised code would take as long as thousands of later ones.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int k, float* a, float* b, float* tile, bool add, nint ahead)
    {
        Vector128<float> c00, c01;
        Vector128<float> c10, c11;
        Vector128<float> c20, c21;
        Vector128<float> c30, c31;
        do
        {
            c00 = c01 = Vector128<float>.Zero;
            c10 = c11 = Vector128<float>.Zero;
            c20 = c21 = Vector128<float>.Zero;
            c30 = c31 = Vector128<float>.Zero;

            var count = Math.Min(k, IMicroKernel.RunLength);
            k -= count;
            for (; count > 0; count--)
            {
                var b0 = Vector128.Load(b);
                var b1 = Vector128.Load(b + 4);
                var x = Vector128.Create(a[0]);
                c00 = Vector128.MultiplyAddEstimate(x, b0, c00);
                c01 = Vector128.MultiplyAddEstimate(x, b1, c01);
                x = Vector128.Create(a[1]);
                c10 = Vector128.MultiplyAddEstimate(x, b0, c10);
                c11 = Vector128.MultiplyAddEstimate(x, b1, c11);
                x = Vector128.Create(a[2]);
                c20 = Vector128.MultiplyAddEstimate(x, b0, c20);
                c21 = Vector128.MultiplyAddEstimate(x, b1, c21);
                x = Vector128.Create(a[3]);
                c30 = Vector128.MultiplyAddEstimate(x, b0, c30);
                c31 = Vector128.MultiplyAddEstimate(x, b1, c31);
                MatrixPacker.Prefetch(a + ahead);
                a += 4;
                b += 8;
            }

            if (add)
            {
                c00 += Vector128.Load(tile);
                c01 += Vector128.Load(tile + 4);
                c10 += Vector128.Load(tile + 8);
                c11 += Vector128.Load(tile + 12);
                c20 += Vector128.Load(tile + 16);
                c21 += Vector128.Load(tile + 20);
                c30 += Vector128.Load(tile + 24);
                c31 += Vector128.Load(tile + 28);
            }

            c00.Store(tile);
            c01.Store(tile + 4);
            c10.Store(tile + 8);
            c11.Store(tile + 12);
            c20.Store(tile + 16);
            c21.Store(tile + 20);
            c30.Store(tile + 24);
            c31.Store(tile + 28);
            add = true;
        }
        while (k > 0);
    }
}
