using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Crypson.Cpu.Products;

/// <summary>
/// Rows of a product over packed panels: whole tiles by the micro-kernel, a last tile of a few rows by themselves,
/// without the products of the rows that are not there.
/// </summary>
internal static unsafe class RowProduct
{
    // A K block of the right operand, which stays in the second-level cache while the rows go over it.
    private const int BlockDepth = 512;

    /// <summary>target[row, column] = (add: itself +) sum over k of a[tile][k][row] * b[k][column], for `rows` rows.</summary>
    /// <param name="rows">Rows that there are; the last tile may have fewer than TMicro.Rows.</param>
    /// <param name="k">Depth.</param>
    /// <param name="a">Packed panels of TMicro.Rows rows.</param>
    /// <param name="tileStride">Floats from one panel of a to the next.</param>
    /// <param name="b">[k][TMicro.Columns].</param>
    /// <param name="target">[rows][TMicro.Columns].</param>
    /// <param name="add">Whether to add to the target.</param>
    public static void Run<TMicro>(int rows, int k, float* a, nint tileStride, float* b, float* target, bool add)
        where TMicro : struct, IMicroKernel
    {
        for (var start = 0; start < k; start += BlockDepth, add = true)
        {
            var count = Math.Min(BlockDepth, k - start);
            var left = a + ((nint)start * TMicro.Rows);
            var right = b + ((nint)start * TMicro.Columns);
            var row = 0;
            for (; row <= rows - TMicro.Rows; row += TMicro.Rows, left += tileStride)
            {
                TMicro.Run(count, left, right, target + ((nint)row * TMicro.Columns), add, tileStride);
            }

            if (rows - row > MostSingleRows(TMicro.Columns))
            {
                Part<TMicro>(rows - row, count, left, right, target + ((nint)row * TMicro.Columns), add);
                continue;
            }

            for (var i = 0; row + i < rows;)
            {
                var together = TMicro.Columns != 64 ? 1 : rows - row - i >= 4 ? 4 : rows - row - i >= 2 ? 2 : 1;
                Few(together, count, left + i, TMicro.Rows, right, TMicro.Columns, target + ((nint)(row + i) * TMicro.Columns), add);
                i += together;
            }
        }
    }

    // Few rows keep eight accumulators busy over 64 columns; over less a row alone waits for its few.
    private static int MostSingleRows(int columns) => columns == 64 ? 5 : 1;

    private static void Part<TMicro>(int rows, int k, float* a, float* b, float* target, bool add)
        where TMicro : struct, IMicroKernel
    {
        var tile = stackalloc float[TMicro.Rows * TMicro.Columns];
        TMicro.Run(k, a, b, tile, false, 0);
        for (var i = 0; i < rows * TMicro.Columns; i += Vector256<float>.Count)
        {
            var value = Vector256.Load(tile + i);
            (add ? value + Vector256.Load(target + i) : value).Store(target + i);
        }
    }

    // Four, two or one row: 16 or 8 accumulators over 64 columns; or one row column by column of vectors.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Few(int rows, int k, float* a, int stride, float* b, int columns, float* target, bool add)
    {
        while (k > 0)
        {
            var count = Math.Min(k, IMicroKernel.RunLength);
            if (rows == 4)
            {
                Four64(count, a, stride, b, target, add);
            }
            else if (rows == 2)
            {
                Two64(count, a, stride, b, target, add);
            }
            else if (columns == 64)
            {
                One64(count, a, stride, b, target, add);
            }
            else
            {
                for (var column = 0; column < columns; column += 8)
                {
                    One8(count, a, stride, b + column, columns, target + column, add);
                }
            }

            (k, add) = (k - count, true);
            a += (nint)count * stride;
            b += (nint)count * columns;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four64(int k, float* a, int stride, float* b, float* target, bool add)
    {
        Vector512<float> c00, c01, c02, c03, c10, c11, c12, c13, c20, c21, c22, c23, c30, c31, c32, c33;
        c00 = c01 = c02 = c03 = c10 = c11 = c12 = c13 = Vector512<float>.Zero;
        c20 = c21 = c22 = c23 = c30 = c31 = c32 = c33 = Vector512<float>.Zero;
        for (; k > 0; k--, a += stride, b += 64)
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
        }

        Put(c00, c01, c02, c03, target, add);
        Put(c10, c11, c12, c13, target + 64, add);
        Put(c20, c21, c22, c23, target + 128, add);
        Put(c30, c31, c32, c33, target + 192, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two64(int k, float* a, int stride, float* b, float* target, bool add)
    {
        Vector512<float> c00, c01, c02, c03, c10, c11, c12, c13;
        c00 = c01 = c02 = c03 = c10 = c11 = c12 = c13 = Vector512<float>.Zero;
        for (; k > 0; k--, a += stride, b += 64)
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
        }

        Put(c00, c01, c02, c03, target, add);
        Put(c10, c11, c12, c13, target + 64, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, float* target, bool add)
    {
        if (add)
        {
            a += Vector512.Load(target);
            b += Vector512.Load(target + 16);
            c += Vector512.Load(target + 32);
            d += Vector512.Load(target + 48);
        }

        a.Store(target);
        b.Store(target + 16);
        c.Store(target + 32);
        d.Store(target + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One64(int k, float* a, int stride, float* b, float* target, bool add)
    {
        Vector256<float> c0, c1, c2, c3, c4, c5, c6, c7;
        c0 = c1 = c2 = c3 = c4 = c5 = c6 = c7 = Vector256<float>.Zero;
        for (; k > 0; k--, a += stride, b += 64)
        {
            var x = Vector256.Create(*a);
            c0 = Vector256.MultiplyAddEstimate(x, Vector256.Load(b), c0);
            c1 = Vector256.MultiplyAddEstimate(x, Vector256.Load(b + 8), c1);
            c2 = Vector256.MultiplyAddEstimate(x, Vector256.Load(b + 16), c2);
            c3 = Vector256.MultiplyAddEstimate(x, Vector256.Load(b + 24), c3);
            c4 = Vector256.MultiplyAddEstimate(x, Vector256.Load(b + 32), c4);
            c5 = Vector256.MultiplyAddEstimate(x, Vector256.Load(b + 40), c5);
            c6 = Vector256.MultiplyAddEstimate(x, Vector256.Load(b + 48), c6);
            c7 = Vector256.MultiplyAddEstimate(x, Vector256.Load(b + 56), c7);
        }

        if (add)
        {
            c0 += Vector256.Load(target);
            c1 += Vector256.Load(target + 8);
            c2 += Vector256.Load(target + 16);
            c3 += Vector256.Load(target + 24);
            c4 += Vector256.Load(target + 32);
            c5 += Vector256.Load(target + 40);
            c6 += Vector256.Load(target + 48);
            c7 += Vector256.Load(target + 56);
        }

        c0.Store(target);
        c1.Store(target + 8);
        c2.Store(target + 16);
        c3.Store(target + 24);
        c4.Store(target + 32);
        c5.Store(target + 40);
        c6.Store(target + 48);
        c7.Store(target + 56);
    }

    private static void One8(int k, float* a, int stride, float* b, int columns, float* target, bool add)
    {
        var sum = Vector256<float>.Zero;
        for (; k > 0; k--, a += stride, b += columns)
        {
            sum = Vector256.MultiplyAddEstimate(Vector256.Create(*a), Vector256.Load(b), sum);
        }

        (add ? sum + Vector256.Load(target) : sum).Store(target);
    }
}
