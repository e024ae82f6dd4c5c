using Crypson.Cpu;

namespace Crypson.Tests.Cpu;

public sealed unsafe class GemmTests
{
    // Around the tiles of every instruction set (4, 6, 8, 16, 64), and primes.
    private static readonly int[] Sizes = [1, 2, 3, 5, 6, 7, 8, 13, 16, 17, 31, 48, 63, 64, 65, 97, 130];

    public static TheoryData<int, int, int> Shapes()
    {
        var shapes = new HashSet<(int, int, int)>();
        var random = new Random(1);
        for (var i = 0; i < 150; i++)
        {
            shapes.Add((Sizes[random.Next(Sizes.Length)], Sizes[random.Next(Sizes.Length)], Sizes[random.Next(Sizes.Length)]));
        }

        // K blocks of 512, split K (few tiles, long K), several blocks of rows, packed operands past their limits.
        foreach (var (m, n, k) in new[]
        {
            (5, 9, 511), (7, 70, 512), (6, 64, 513), (13, 3, 1025), (20, 100, 2311), (400, 130, 37), (797, 65, 19),
            (128, 1, 512), (128, 8, 1024), (8, 128, 999), (1, 700, 33), (700, 1, 33), (1, 1, 5000), (3, 5, 33001), (300, 2, 16390),
            (1, 300, 1025), (513, 1, 700), (64, 2048, 8), (0, 5, 4), (5, 0, 4), (5, 4, 0), (70, 70, 0), (0, 0, 0), (1, 1, 1),
        })
        {
            shapes.Add((m, n, k));
        }

        return [.. shapes];
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Product_matches_the_double_precision_loop(int m, int n, int k)
    {
        for (var variant = 0; variant < 4; variant++)
        {
            Check(m, n, k, (variant & 1) != 0, (variant & 2) != 0, variant % 3, variant == 1, variant == 2);
            Check(m, n, k, (variant & 1) == 0, (variant & 2) != 0, variant, variant == 3, variant >= 2);
        }
    }

    [Fact]
    public void A_left_operand_that_is_packed_in_parts_gives_the_same_product()
    {
        // More than 4 Mi elements: two blocks of rows.
        const int m = 1030, n = 64, k = 4100;
        var a = Numbers.Random(1, m * k);
        var b = Numbers.Random(2, k * n);
        var c = new float[m * n];
        fixed (float* pa = a, pb = b, pc = c)
        {
            Gemm.Multiply(m, n, k, pa, k, 1, pb, n, 1, pc, n);
        }

        for (var i = 0; i < m; i++)
        {
            var j = i % n;
            double sum = 0, magnitude = 0;
            for (var l = 0; l < k; l++)
            {
                var term = (double)a[i * k + l] * b[l * n + j];
                sum += term;
                magnitude += Math.Abs(term);
            }

            Numbers.AssertClose(sum, magnitude, c[i * n + j], $"[{i}, {j}]");
        }
    }

    [Fact]
    public void Any_strides_are_read()
    {
        // A with row stride 3 and column stride 50, B with row stride 2 and column stride 61.
        const int m = 11, n = 20, k = 30;
        var a = Numbers.Random(1, 50 * k);
        var b = Numbers.Random(2, 61 * n + 2 * k);
        var c = new float[m * n];
        fixed (float* pa = a, pb = b, pc = c)
        {
            Gemm.Multiply(m, n, k, pa, 3, 50, pb, 2, 61, pc, n);
        }

        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                double sum = 0, magnitude = 0;
                for (var l = 0; l < k; l++)
                {
                    var term = (double)a[i * 3 + l * 50] * b[l * 2 + j * 61];
                    sum += term;
                    magnitude += Math.Abs(term);
                }

                Numbers.AssertClose(sum, magnitude, c[i * n + j], $"[{i}, {j}]");
            }
        }
    }

    [Theory]
    [InlineData(0, 3, 4, 5)]
    [InlineData(5, 3, 4, 5)]
    [InlineData(7, 65, 70, 33)]
    [InlineData(2, 200, 200, 200)]
    public void Batched_products_match_single_ones(int batch, int m, int n, int k)
    {
        var a = Numbers.Random(1, batch * m * k);
        var b = Numbers.Random(2, k * n);
        var expected = new float[batch * m * n];
        var actual = new float[batch * m * n];
        fixed (float* pa = a, pb = b, pe = expected, pc = actual)
        {
            for (var i = 0; i < batch; i++)
            {
                Gemm.Multiply(m, n, k, pa + i * m * k, k, 1, pb, n, 1, pe + i * m * n, n);
            }

            Gemm.MultiplyBatched(batch, m, n, k, pa, m * k, k, 1, pb, 0, n, 1, pc, m * n, n);
        }

        Assert.Equal(expected, actual);
    }

    [Theory]
    [InlineData(10, 70, 20, float.NaN)]
    [InlineData(70, 10, 600, float.PositiveInfinity)]
    [InlineData(1, 40, 50, float.NaN)]
    [InlineData(40, 1, 50, float.NaN)]
    public void Zeros_do_not_hide_what_is_not_finite(int m, int n, int k, float value)
    {
        // Row 0 of A is zero; B[k - 1, n - 1] is not finite: C[0, n - 1] is 0 * value, which is NaN.
        var a = Numbers.Random(1, m * k);
        a.AsSpan(0, k).Clear();
        var b = Numbers.Random(2, k * n);
        b[^1] = value;
        var c = new float[m * n];
        fixed (float* pa = a, pb = b, pc = c)
        {
            Gemm.Multiply(m, n, k, pa, k, 1, pb, n, 1, pc, n);
        }

        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                Assert.Equal(j < n - 1, float.IsFinite(c[i * n + j]));
            }
        }

        Assert.True(float.IsNaN(c[n - 1]));
    }

    private static void Check(int m, int n, int k, bool transposeA, bool transposeB, int gap, bool accumulate, bool bias)
    {
        var a = Numbers.Random(1, (long)m * k);
        var b = Numbers.Random(2, (long)k * n);
        var biases = Numbers.Random(3, n);
        var ldc = n + gap;
        var before = Numbers.Random(4, m * ldc);
        var c = before.ToArray();
        fixed (float* pa = a, pb = b, pc = c, pBias = biases)
        {
            Gemm.Multiply(
                m,
                n,
                k,
                pa,
                transposeA ? 1 : k,
                transposeA ? m : 1,
                pb,
                transposeB ? 1 : n,
                transposeB ? k : 1,
                pc,
                ldc,
                accumulate,
                bias ? pBias : null);
        }

        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < ldc; j++)
            {
                if (j >= n)
                {
                    Assert.Equal(before[i * ldc + j], c[i * ldc + j]);
                    continue;
                }

                var sum = (accumulate ? before[i * ldc + j] : 0) + (bias ? (double)biases[j] : 0);
                var magnitude = (accumulate ? Math.Abs(before[i * ldc + j]) : 0) + (bias ? (double)Math.Abs(biases[j]) : 0);
                for (var l = 0; l < k; l++)
                {
                    var term = (double)a[transposeA ? l * m + i : i * k + l] * b[transposeB ? j * k + l : l * n + j];
                    sum += term;
                    magnitude += Math.Abs(term);
                }

                Numbers.AssertClose(sum, magnitude, c[i * ldc + j], $"[{m},{k}]x[{k},{n}] at [{i}, {j}]");
            }
        }
    }
}
