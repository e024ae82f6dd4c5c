using Crypson.Cpu;

namespace Crypson.Bench.Kernels;

/// <summary>The shapes to time: square and odd products, and every layer of the models at batch 128.</summary>
internal static unsafe class KernelCases
{
    private const int Batch = 128;

    public static IEnumerable<(string Name, Func<KernelCase> Create)> All()
    {
        yield return Product("gemm 1024", 1024, 1024, 1024);
        yield return Product("gemm 1009", 1009, 1009, 1009);
        yield return Product("gemm 256", 256, 256, 256);

        // Per cGAN step: three discriminator passes (real, drawn, and drawn again for the generator), weight gradients
        // for the first two only.
        foreach (var (input, output) in new[] { (2048, 2048), (2048, 2048), (2048, 1024), (1024, 512), (512, 1) })
        {
            foreach (var layer in Linear("discriminator", Batch, input, output, 1))
            {
                yield return layer;
            }
        }

        foreach (var layer in Linear("vae", Batch, 1024, 8, 0).Concat(Linear("vae", Batch, 8, 1024, 0)).Concat(Linear("batch 1", 1, 2048, 2048, 0)))
        {
            yield return layer;
        }

        // Per cGAN step: two generator passes, one backward pass.
        foreach (var layer in Transposed("generator", 64, 512, 1, 4, 1, 0, 0, 1)
            .Concat(Transposed("generator", 512, 256, 4, 4, 2, 1, 0, 1))
            .Concat(Transposed("generator", 256, 128, 8, 4, 2, 1, 0, 1))
            .Concat(Transposed("generator", 128, 1, 16, 4, 2, 1, 0, 1))
            .Concat(Transposed("vae decoder", 256, 128, 2, 3, 2, 1, 1, 0))
            .Concat(Transposed("vae decoder", 128, 64, 4, 3, 2, 1, 1, 0))
            .Concat(Transposed("vae decoder", 64, 32, 8, 3, 2, 1, 1, 0))
            .Concat(Transposed("vae decoder", 32, 1, 16, 3, 2, 1, 1, 0))
            .Concat(Convolved("vae decoder", 1, 1, 32, 3, 1, 1))
            .Concat(Convolved("vae encoder", 1, 32, 32, 3, 2, 1))
            .Concat(Convolved("vae encoder", 32, 64, 16, 3, 2, 1))
            .Concat(Convolved("vae encoder", 64, 128, 8, 3, 2, 1))
            .Concat(Convolved("vae encoder", 128, 256, 4, 3, 2, 1)))
        {
            yield return layer;
        }
    }

    private static (string Name, Func<KernelCase> Create) Product(
        string name, int m, int n, int k, bool transposeA = false, bool transposeB = false, int perStep = 0)
    {
        var label = $"{name} [{m},{k}]x[{k},{n}]";
        var (aRow, aColumn) = transposeA ? (1, m) : (k, 1);
        var (bRow, bColumn) = transposeB ? (1, k) : (n, 1);
        return (label, () => new KernelCase(
            label, 2.0 * m * n * k, perStep, new Operand(1, (long)m * k), new Operand(2, (long)k * n), new Operand(3, (long)m * n))
        {
            Work = (a, b, c) => Gemm.Multiply(m, n, k, a, aRow, aColumn, b, bRow, bColumn, c, n),
            Exact = (a, b, element) =>
            {
                var (i, j) = (element / n, element % n);
                double value = 0, magnitude = 0;
                for (var l = 0; l < k; l++)
                {
                    var term = (double)a[i * aRow + (long)l * aColumn] * b[(long)l * bRow + j * bColumn];
                    value += term;
                    magnitude += Math.Abs(term);
                }

                return (value, magnitude);
            },
        });
    }

    // y = x W', dx = dy W, dW = dy' x with W: [output, input].
    private static IEnumerable<(string Name, Func<KernelCase> Create)> Linear(string model, int batch, int input, int output, int perStep)
    {
        yield return Product($"{model} linear y ", batch, output, input, transposeB: true, perStep: 3 * perStep);
        yield return Product($"{model} linear dx", batch, input, output, perStep: 3 * perStep);
        yield return Product($"{model} linear dW", output, input, batch, transposeA: true, perStep: 2 * perStep);
    }

    private static IEnumerable<(string Name, Func<KernelCase> Create)> Convolved(
        string model, int input, int output, int size, int kernel, int stride, int padding)
    {
        var outSize = (size + 2 * padding - kernel) / stride + 1;
        var shape = Shape(input, size, output, outSize, kernel, stride, padding);
        var label = $"{model} conv {input}->{output} {size}x{size} k{kernel}s{stride}";
        yield return Forward($"{label} y", shape, 0);
        yield return BackwardData($"{label} dx", shape, 0);
        yield return BackwardWeight($"{label} dW", shape, 0);
    }

    // A transposed convolution is the data gradient of the convolution that leads back, and the other way round.
    private static IEnumerable<(string Name, Func<KernelCase> Create)> Transposed(
        string model, int input, int output, int size, int kernel, int stride, int padding, int outputPadding, int perStep)
    {
        var outSize = (size - 1) * stride - 2 * padding + kernel + outputPadding;
        var shape = Shape(output, outSize, input, size, kernel, stride, padding);
        var label = $"{model} convT {input}->{output} {size}x{size} k{kernel}s{stride}";
        yield return BackwardData($"{label} y", shape, 2 * perStep);
        yield return Forward($"{label} dx", shape, perStep);
        yield return BackwardWeight($"{label} dW", shape, perStep);
    }

    private static ConvolutionShape Shape(int input, int size, int output, int outSize, int kernel, int stride, int padding) =>
        new(Batch, input, size, size, output, outSize, outSize, kernel, kernel, stride, stride, padding, padding, 1, 1);

    private static double Flops(in ConvolutionShape s) => 2.0 * s.Batch * s.OutPositions * s.OutChannels * s.PatchSize;

    private static (string Name, Func<KernelCase> Create) Forward(string name, ConvolutionShape s, int perStep) =>
        (name, () => new KernelCase(name, Flops(s), perStep, Image(s), Weight(s), Result(s))
        {
            Work = (x, weight, y) => Convolution.Forward(s, x, weight, null, y),
            Exact = (x, weight, element) => ConvolutionReference.Forward(s, x, weight, element),
        });

    private static (string Name, Func<KernelCase> Create) BackwardData(string name, ConvolutionShape s, int perStep) =>
        (name, () => new KernelCase(name, Flops(s), perStep, Result(s), Weight(s), Image(s))
        {
            Work = (dy, weight, dx) => Convolution.BackwardData(s, dy, weight, null, dx),
            Exact = (dy, weight, element) => ConvolutionReference.BackwardData(s, dy, weight, element),
        });

    private static (string Name, Func<KernelCase> Create) BackwardWeight(string name, ConvolutionShape s, int perStep) =>
        (name, () => new KernelCase(name, Flops(s), perStep, Image(s), Result(s), Weight(s))
        {
            Work = (x, dy, dWeight) => Convolution.BackwardWeight(s, x, dy, dWeight),
            Exact = (x, dy, element) => ConvolutionReference.BackwardWeight(s, x, dy, element),
        });

    private static Operand Image(in ConvolutionShape s) => new(1, (long)s.Batch * s.InChannels * s.InHeight * s.InWidth);

    private static Operand Weight(in ConvolutionShape s) => new(2, (long)s.OutChannels * s.PatchSize);

    private static Operand Result(in ConvolutionShape s) => new(3, (long)s.Batch * s.OutChannels * s.OutPositions);
}
