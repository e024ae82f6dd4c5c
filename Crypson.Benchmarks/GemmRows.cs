using MathNet.Numerics.LinearAlgebra;

namespace Crypson.Benchmarks;

/// <summary>Matrix products: square, the shapes of the models' linear layers, and one odd shape; with two baselines.</summary>
internal static class GemmRows
{
    private const int Batch = 128;

    // The short table leaves out what takes a CPU a second.
    private const int LargestTypical = 2048;

    // The naive loop takes a second and more for larger products, MathNet.Numerics for those above the other limit.
    private const long MostNaiveFlops = 1L << 29;
    private const long MostMathNetFlops = 1L << 32;

    public static IEnumerable<BenchmarkRow> All(IReadOnlyList<Device> devices)
    {
        (int M, int N, int K)[] shapes =
        [
            (512, 512, 512), (1024, 1024, 1024), (2048, 2048, 2048), (1009, 1013, 1019), (4096, 4096, 4096), (Batch, 2048, 2048), (2048, 2048, Batch), (Batch, 1024, 2048),
            (1024, 2048, Batch), (Batch, 512, 1024), (512, 1024, Batch), (Batch, 1, 512), (Batch, 8, 1024), (Batch, 1024, 8), (Batch, 47, 512), (1, 2048, 2048),
        ];
        foreach (var (m, n, k) in shapes)
        {
            var name = $"gemm/{m}x{n}x{k}";
            var flops = 2L * m * n * k;
            var bytes = 4.0 * (((long)m * k) + ((long)k * n) + ((long)m * n));
            foreach (var device in devices)
            {
                yield return new BenchmarkRow(name, device.Name, flops, bytes, () => Ours(name, device, m, n, k)) { IsTypical = m == n && m <= LargestTypical };
            }

            if (flops <= MostMathNetFlops)
            {
                yield return new BenchmarkRow(name, "mathnet", flops, bytes, () => MathNet(name, m, n, k)) { IsTypical = m == n && m <= 1024 };
            }

            if (flops <= MostNaiveFlops)
            {
                yield return new BenchmarkRow(name, "naive", flops, bytes, () => Naive(name, m, n, k)) { IsTypical = m == n };
            }
        }
    }

    private static BenchmarkWork Ours(string name, Device device, int m, int n, int k)
    {
        var (a, b) = (Samples.Uniform([m, k], 1, device), Samples.Uniform([k, n], 2, device));
        return new BenchmarkWork(Run, () =>
        {
            using var noGrad = Tensor.NoGrad();
            using var scope = new TensorScope();
            return [Check(name, a.MatMul(b).ToArray(), a.ToArray(), b.ToArray(), n, k)];
        }, device);

        void Run()
        {
            using var noGrad = Tensor.NoGrad();
            using var scope = new TensorScope();
            a.MatMul(b);
        }
    }

    private static BenchmarkWork MathNet(string name, int m, int n, int k)
    {
        var (a, b) = (Samples.Uniform([m, k], 1).ToArray(), Samples.Uniform([k, n], 2).ToArray());
        var (left, right) = (Matrix<float>.Build.DenseOfRowMajor(m, k, a), Matrix<float>.Build.DenseOfRowMajor(k, n, b));
        var result = Matrix<float>.Build.Dense(m, n);
        return new BenchmarkWork(() => left.Multiply(right, result), () =>
        {
            left.Multiply(right, result);
            return [Check(name, result.ToRowMajorArray(), a, b, n, k)];
        });
    }

    // Rows times rows, so that the inner loop reads and writes neighbours: what a careful beginner writes.
    private static BenchmarkWork Naive(string name, int m, int n, int k)
    {
        var (a, b) = (Samples.Uniform([m, k], 1).ToArray(), Samples.Uniform([k, n], 2).ToArray());
        var result = new float[m * n];
        return new BenchmarkWork(Run, () =>
        {
            Run();
            return [Check(name, result, a, b, n, k)];
        });

        void Run()
        {
            Array.Clear(result);
            for (var i = 0; i < m; i++)
            {
                for (var l = 0; l < k; l++)
                {
                    for (var j = 0; j < n; j++)
                    {
                        result[(i * n) + j] += a[(i * k) + l] * b[(l * n) + j];
                    }
                }
            }
        }
    }

    private static BenchmarkCheck Check(string name, float[] result, float[] a, float[] b, int n, int k) => new(name, result, element =>
    {
        var sum = default(Sum);
        for (var l = 0; l < k; l++)
        {
            sum.Add((double)a[(element / n * k) + l] * b[(l * n) + (element % n)]);
        }

        return sum.Result;
    });
}
