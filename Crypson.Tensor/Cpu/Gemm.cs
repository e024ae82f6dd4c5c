using Crypson.Cpu.Products;

namespace Crypson.Cpu;

/// <summary>Matrix products of float32 matrices, given by strides so that a transposed operand needs no copy.</summary>
internal static unsafe class Gemm
{
    // Batched products of at most this many multiplications each are shared out one matrix to a worker.
    private const long SmallMatrix = 1 << 22;

    /// <summary>
    /// C[m, n] (row-major, row stride <paramref name="ldc"/>) = A[m, k] * B[k, n], plus C's old contents when
    /// <paramref name="accumulate"/>, plus <paramref name="columnBias"/> (null or n values) on every row. Element (i, j)
    /// of an operand lies at i * row stride + j * column stride. An empty k gives zeros, plus what is to be added.
    /// </summary>
    public static void Multiply(
        int m,
        int n,
        int k,
        float* a,
        int aRow,
        int aColumn,
        float* b,
        int bRow,
        int bColumn,
        float* c,
        int ldc,
        bool accumulate = false,
        float* columnBias = null)
    {
        if (n == 1 && VectorProduct.Suits(aRow, aColumn))
        {
            VectorProduct.Run(m, k, a, aRow, aColumn, b, bRow, c, ldc, columnBias, 0, accumulate);
        }
        else if (m == 1 && VectorProduct.Suits(bColumn, bRow))
        {
            VectorProduct.Run(n, k, b, bColumn, bRow, a, aColumn, c, 1, columnBias, 1, accumulate);
        }
        else if (PrefersTranspose(m, n))
        {
            // The transposed product wastes fewer lanes: C' = B' * A'.
            PackedProduct.Run(
                n,
                m,
                k,
                new MatrixOperand(b, bColumn, bRow),
                new MatrixOperand(a, aRow, aColumn),
                new MatrixWriter(c, 1, ldc, columnBias, null, accumulate));
        }
        else
        {
            PackedProduct.Run(
                m,
                n,
                k,
                new MatrixOperand(a, aRow, aColumn),
                new MatrixOperand(b, bColumn, bRow),
                new MatrixWriter(c, ldc, 1, null, columnBias, accumulate));
        }
    }

    /// <summary>
    /// The same for <paramref name="batch"/> matrices that lie a stride apart; a stride of 0 shares an operand.
    /// </summary>
    public static void MultiplyBatched(
        int batch,
        int m,
        int n,
        int k,
        float* a,
        long aStride,
        int aRow,
        int aColumn,
        float* b,
        long bStride,
        int bRow,
        int bColumn,
        float* c,
        long cStride,
        int ldc,
        bool accumulate = false)
    {
        var kernel = new BatchKernel(m, n, k, a, aStride, aRow, aColumn, b, bStride, bRow, bColumn, c, cStride, ldc, accumulate);
        if ((long)m * n * k <= SmallMatrix)
        {
            Workers.Run(kernel, batch);
            return;
        }

        for (var i = 0; i < batch; i++)
        {
            kernel.Execute(i);
        }
    }

    /// <summary>
    /// Whether the transposed product C' = B' * A' of an [m, n] result wastes clearly fewer lanes of the tiles. Tiles as
    /// wide as the AVX-512 ones are assumed.
    /// </summary>
    internal static bool PrefersTranspose(int m, int n) => PaddedElements(n, m) * 5 < PaddedElements(m, n) * 4;

    private static long PaddedElements(int m, int n) => (m + 5) / 6 * 6L * ((n + 63) / 64 * 64L);

    private readonly struct BatchKernel(
        int m,
        int n,
        int k,
        float* a,
        long aStride,
        int aRow,
        int aColumn,
        float* b,
        long bStride,
        int bRow,
        int bColumn,
        float* c,
        long cStride,
        int ldc,
        bool accumulate) : IKernel
    {
        private readonly float* a = a;
        private readonly float* b = b;
        private readonly float* c = c;

        public void Execute(int group) =>
            Multiply(
                m,
                n,
                k,
                a + group * aStride,
                aRow,
                aColumn,
                b + group * bStride,
                bRow,
                bColumn,
                c + group * cStride,
                ldc,
                accumulate);
    }
}
