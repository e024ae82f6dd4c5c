using Crypson.Nn;

namespace Crypson.Benchmarks;

/// <summary>
/// Single layers at batch 128 through autograd, as a user runs them: <c>/fwd</c> without recording, <c>/fwd+bwd</c> with
/// the gradients of the input and of all parameters. Of each kind one more layer with odd sizes, which no model has.
/// </summary>
internal static class OperatorRows
{
    private const int Batch = 128;

    // A naive loop takes half a second and more above.
    private const double MostNaiveFlops = 5e8;

    // The layers in which a cGAN step spends its time.
    private static readonly string[] Typical = ["G.convT1", "G.convT2"];

    public static IEnumerable<BenchmarkRow> All(IReadOnlyList<Device> devices) =>
        Transposed().Concat(Convolutions()).Concat(Others()).SelectMany(layer => Rows(layer, devices));

    private static IEnumerable<LayerCase> Transposed()
    {
        (int In, int Out, int Side, int Stride, int Padding)[] generator = [(64, 512, 1, 1, 0), (512, 256, 4, 2, 1), (256, 128, 8, 2, 1), (128, 1, 16, 2, 1)];
        for (var i = 0; i < generator.Length; i++)
        {
            var (input, output, side, stride, padding) = generator[i];
            var back = new ConvolutionGeometry(Batch, output, stride == 1 ? 4 : 2 * side, input, side, 4, stride, padding);
            yield return new TransposedCase($"G.convT{i}[{input}->{output} k4s{stride}p{padding} on {side}x{side}]", back, false);
        }

        (int In, int Out, int Side)[] decoder = [(256, 128, 2), (128, 64, 4), (64, 32, 8), (32, 1, 16)];
        for (var i = 0; i < decoder.Length; i++)
        {
            var (input, output, side) = decoder[i];
            var back = new ConvolutionGeometry(Batch, output, 2 * side, input, side, 3, 2, 1);
            yield return new TransposedCase($"V.convT{i}[{input}->{output} k3s2p1op1 on {side}x{side}]", back, true);
        }

        yield return new TransposedCase("odd.convT[53->37 k5s3p2op1 on 11x11]", new ConvolutionGeometry(Batch - 1, 37, 32, 53, 11, 5, 3, 2), true);
    }

    private static IEnumerable<LayerCase> Convolutions()
    {
        (int In, int Out, int Side)[] encoder = [(1, 32, 32), (32, 64, 16), (64, 128, 8), (128, 256, 4)];
        for (var i = 0; i < encoder.Length; i++)
        {
            var (input, output, side) = encoder[i];
            yield return new ConvolutionCase($"V.conv{i}[{input}->{output} k3s2p1 on {side}x{side}]", new ConvolutionGeometry(Batch, input, side, output, side / 2, 3, 2, 1));
        }

        yield return new ConvolutionCase("V.out_conv[1->1 k3s1p1 on 32x32]", new ConvolutionGeometry(Batch, 1, 32, 1, 32, 3, 1, 1));
        yield return new ConvolutionCase("odd.conv[37->53 k5s3p2 on 31x31]", new ConvolutionGeometry(Batch - 1, 37, 31, 53, 11, 5, 3, 2));
    }

    private static IEnumerable<LayerCase> Others()
    {
        foreach (var (channels, side) in new[] { (512, 4), (256, 8), (128, 16), (32, 16), (64, 8), (128, 4), (256, 2), (1, 32) })
        {
            yield return new BatchNormCase($"BatchNorm2d[{channels}x{side}x{side}]", Batch, channels, side);
        }

        yield return new BatchNormCase("odd.BatchNorm2d[37x13x13]", Batch - 1, 37, 13);
        foreach (var (inputs, outputs) in new[] { (2048, 2048), (2048, 1024), (1024, 512), (512, 1), (1024, 8), (8, 1024), (512, 47) })
        {
            yield return new LinearCase($"Linear[{inputs}x{outputs}]", Batch, inputs, outputs);
        }

        yield return new LinearCase("odd.Linear[517x253]", Batch - 1, 517, 253);
        yield return Relu("ReLU[128, 512, 4, 4]", Batch, 512, 4, 4);
        yield return Relu("odd.ReLU[127, 509]", Batch - 1, 509);
        yield return new FunctionCase(
            "LeakyReLU[128, 2048]", [Batch, 2048], () => Activation.LeakyRelu(0.2f), x => x > 0 ? x : 0.2 * x, x => x > 0 ? 1 : 0.2, x => x > 0 ? x : 0.2f * x);
        yield return new FunctionCase("Tanh[128, 1, 32, 32]", [Batch, 1, 32, 32], Activation.Tanh, Math.Tanh, x => 1 - (Math.Tanh(x) * Math.Tanh(x)), MathF.Tanh);
        yield return new FunctionCase("Sigmoid[128, 1, 32, 32]", [Batch, 1, 32, 32], Activation.Sigmoid, Sigmoid, x => Sigmoid(x) * Sigmoid(-x), x => 1 / (1 + MathF.Exp(-x)));
        yield return new FunctionCase(
            "SiLU[128, 2048]", [Batch, 2048], Activation.Silu, x => x * Sigmoid(x), x => Sigmoid(x) * (1 + (x * Sigmoid(-x))), x => x / (1 + MathF.Exp(-x)));
    }

    private static FunctionCase Relu(string name, params int[] shape) => new(name, shape, Activation.Relu, x => Math.Max(x, 0), x => x > 0 ? 1 : 0, x => Math.Max(x, 0));

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static IEnumerable<BenchmarkRow> Rows(LayerCase layer, IReadOnlyList<Device> devices)
    {
        var (forward, both) = ($"op/{layer.Name}/fwd", $"op/{layer.Name}/fwd+bwd");
        foreach (var device in devices)
        {
            yield return new BenchmarkRow(forward, device.Name, layer.Flops, layer.ForwardBytes, () => Ours(layer, device, false));
        }

        if (layer is LinearCase linear)
        {
            yield return new BenchmarkRow(forward, "mathnet", layer.Flops, layer.ForwardBytes, () => linear.MathNet(Arrays(layer)));
        }

        if (layer.Flops <= MostNaiveFlops)
        {
            yield return new BenchmarkRow(forward, "naive", layer.Flops, layer.ForwardBytes, () => Naive(layer));
        }

        foreach (var device in devices)
        {
            yield return new BenchmarkRow(both, device.Name, 3 * layer.Flops, layer.ForwardBytes + layer.BackwardBytes, () => Ours(layer, device, true))
            {
                IsTypical = Typical.Any(name => layer.Name.StartsWith(name, StringComparison.Ordinal)),
            };
        }
    }

    private static BenchmarkWork Ours(LayerCase layer, Device device, bool backward)
    {
        var module = layer.Create();
        module.To(device);
        var (x, dy) = (Samples.Uniform([.. layer.Input], 1, device), Samples.Uniform([.. layer.Output], 2, device));
        x.RequiresGrad = backward;
        return new BenchmarkWork(Run, Checks, device);

        void Run()
        {
            using var scope = new TensorScope();
            if (backward)
            {
                module.ZeroGrad();
                x.ZeroGrad();
                module.Forward(x).Backward(dy);
                return;
            }

            using var noGrad = Tensor.NoGrad();
            module.Forward(x);
        }

        IEnumerable<BenchmarkCheck> Checks()
        {
            var arrays = Arrays(layer, module);
            if (!backward)
            {
                using var noGrad = Tensor.NoGrad();
                using var inference = new TensorScope();
                yield return new BenchmarkCheck($"{layer.Name}: y", module.Forward(x).ToArray(), element => layer.Result(arrays, element));
                yield break;
            }

            using var scope = new TensorScope();
            module.ZeroGrad();
            x.ZeroGrad();
            var y = module.Forward(x);
            yield return new BenchmarkCheck($"{layer.Name}: y", y.ToArray(), element => layer.Result(arrays, element));
            y.Backward(dy);
            yield return new BenchmarkCheck($"{layer.Name}: dx", x.Grad!.ToArray(), element => layer.InputGradient(arrays, element));
            foreach (var (name, value) in module.NamedParameters())
            {
                var gradient = value.Grad!.ToArray();
                yield return new BenchmarkCheck(
                    $"{layer.Name}: d{name}", gradient, name == "bias" ? element => layer.BiasGradient(arrays, element) : element => layer.WeightGradient(arrays, element));
            }
        }
    }

    private static BenchmarkWork Naive(LayerCase layer)
    {
        var arrays = Arrays(layer);
        var y = new float[layer.Output.Aggregate(1, (product, size) => product * size)];
        return new BenchmarkWork(() => layer.Naive(arrays, y), () =>
        {
            layer.Naive(arrays, y);
            return [new BenchmarkCheck(layer.Name, y, element => layer.Result(arrays, element))];
        });
    }

    private static LayerArrays Arrays(LayerCase layer, Layer? module = null)
    {
        var parameters = (module ?? layer.Create()).NamedParameters().ToDictionary(parameter => parameter.Name, parameter => parameter.Value.ToArray());
        return new LayerArrays(
            Samples.Uniform([.. layer.Input], 1).ToArray(), parameters.GetValueOrDefault("weight", []), parameters.GetValueOrDefault("bias", []), Samples.Uniform([.. layer.Output], 2).ToArray());
    }
}
