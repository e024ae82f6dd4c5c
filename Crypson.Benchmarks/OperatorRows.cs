using Crypson.Nn;

namespace Crypson.Benchmarks;

/// <summary>
/// Single layers at batch 128 through autograd, as a user runs them: <c>/fwd</c> without recording, <c>/fwd+bwd</c> with
/// the gradients of the input and of all parameters.
/// </summary>
internal static class OperatorRows
{
    private const int Batch = 128;

    public static IEnumerable<BenchmarkRow> All()
    {
        (int In, int Out, int Side, int Stride, int Padding)[] generator = [(64, 512, 1, 1, 0), (512, 256, 4, 2, 1), (256, 128, 8, 2, 1), (128, 1, 16, 2, 1)];
        for (var i = 0; i < generator.Length; i++)
        {
            var (input, output, side, stride, padding) = generator[i];
            var name = $"G.convT{i}[{input}->{output} k4s{stride}p{padding} on {side}x{side}]";
            foreach (var row in Layer(name, TransposedFlops(input, output, 4, side), [Batch, input, side, side], () => Transposed(input, output, 4, stride, padding, 0, false)))
            {
                yield return row with { IsTypical = i is 1 or 2 && row.Name.EndsWith("bwd", StringComparison.Ordinal) };
            }
        }

        (int In, int Out, int Side)[] decoder = [(256, 128, 2), (128, 64, 4), (64, 32, 8), (32, 1, 16)];
        for (var i = 0; i < decoder.Length; i++)
        {
            var (input, output, side) = decoder[i];
            foreach (var row in Layer(
                $"V.convT{i}[{input}->{output} k3s2p1op1 on {side}x{side}]", TransposedFlops(input, output, 3, side), [Batch, input, side, side],
                () => Transposed(input, output, 3, 2, 1, 1, true)))
            {
                yield return row;
            }
        }

        (int In, int Out, int Side)[] encoder = [(1, 32, 32), (32, 64, 16), (64, 128, 8), (128, 256, 4)];
        for (var i = 0; i < encoder.Length; i++)
        {
            var (input, output, side) = encoder[i];
            foreach (var row in Layer(
                $"V.conv{i}[{input}->{output} k3s2p1 on {side}x{side}]", ConvolutionFlops(input, output, 3, side / 2), [Batch, input, side, side],
                () => Convolved(input, output, 3, 2, 1)))
            {
                yield return row;
            }
        }

        // The last one is no layer of a model: odd sizes.
        var others = Layer("V.out_conv[1->1 k3s1p1 on 32x32]", ConvolutionFlops(1, 1, 3, 32), [Batch, 1, 32, 32], () => Convolved(1, 1, 3, 1, 1))
            .Concat(Layer("odd.conv[37->53 k5s3p2 on 31x31]", ConvolutionFlops(37, 53, 5, 11), [Batch, 37, 31, 31], () => Convolved(37, 53, 5, 3, 2)));
        foreach (var (channels, side) in new[] { (512, 4), (256, 8), (128, 16), (32, 16), (64, 8), (128, 4), (256, 2), (1, 32) })
        {
            others = others.Concat(Layer($"BatchNorm2d[{channels}x{side}x{side}]", 0, [Batch, channels, side, side], () => (new BatchNorm2d(channels), _ => { })));
        }

        foreach (var (input, output) in new[] { (2048, 2048), (2048, 1024), (1024, 512), (512, 1), (1024, 8), (8, 1024), (512, 47) })
        {
            others = others.Concat(Layer($"Linear[{input}x{output}]", 2.0 * Batch * input * output, [Batch, input], () => Linear(input, output)));
        }

        others = others.Concat(Layer("ReLU[128, 512, 4, 4]", 0, [Batch, 512, 4, 4], () => Function(Activation.Relu())))
            .Concat(Layer("LeakyReLU[128, 2048]", 0, [Batch, 2048], () => Function(Activation.LeakyRelu(0.2f))))
            .Concat(Layer("Tanh[128, 1, 32, 32]", 0, [Batch, 1, 32, 32], () => Function(Activation.Tanh())))
            .Concat(Layer("Sigmoid[128, 1, 32, 32]", 0, [Batch, 1, 32, 32], () => Function(Activation.Sigmoid())))
            .Concat(Layer("SiLU[128, 2048]", 0, [Batch, 2048], () => Function(Activation.Silu())));
        foreach (var row in others)
        {
            yield return row;
        }

        foreach (var row in OptimizerRows.All())
        {
            yield return row;
        }
    }

    internal static double TransposedFlops(int input, int output, int kernel, int side) => 2.0 * Batch * side * side * input * output * kernel * kernel;

    internal static double ConvolutionFlops(int input, int output, int kernel, int outSide) => 2.0 * Batch * outSide * outSide * input * output * kernel * kernel;

    private static IEnumerable<BenchmarkRow> Layer(string name, double flops, int[] inputShape, Func<(Layer Layer, Action<Checked> Verify)> create)
    {
        var bytes = 4.0 * inputShape.Aggregate(1L, (product, size) => product * size);
        yield return new BenchmarkRow($"op/{name}/fwd", "cpu", flops, 2 * bytes, () => Work(name, inputShape, create, false));
        yield return new BenchmarkRow($"op/{name}/fwd+bwd", "cpu", 3 * flops, 5 * bytes, () => Work(name, inputShape, create, true));
    }

    private static BenchmarkWork Work(string name, int[] inputShape, Func<(Layer Layer, Action<Checked> Verify)> create, bool backward)
    {
        var (layer, verify) = create();
        var x = Samples.Uniform([.. inputShape], 1);
        x.RequiresGrad = backward;
        Tensor dy;
        using (Tensor.NoGrad())
        {
            dy = Samples.Uniform(layer.Forward(x).Shape, 2);
        }

        return new BenchmarkWork(Run, () =>
        {
            using var scope = new TensorScope();
            var y = layer.Forward(x);
            Samples.CheckFinite(name, y);
            if (backward)
            {
                layer.ZeroGrad();
                x.ZeroGrad();
                y.Backward(dy);
                Samples.CheckFinite(name, x.Grad!);
            }

            verify(new Checked(name, x, y, dy));
        });

        void Run()
        {
            if (!backward)
            {
                using var noGrad = Tensor.NoGrad();
                using var inference = new TensorScope();
                layer.Forward(x);
                return;
            }

            using var scope = new TensorScope();
            layer.ZeroGrad();
            x.ZeroGrad();
            layer.Forward(x).Backward(dy);
        }
    }

    private static (Layer Layer, Action<Checked> Verify) Function(Activation activation) => (activation, _ => { });

    private static (Layer Layer, Action<Checked> Verify) Linear(int input, int output)
    {
        var layer = new Linear(input, output, new Philox(3));
        return (layer, checkedLayer => checkedLayer.Bilinear(layer.Weight, layer.Bias, 1));
    }

    private static (Layer Layer, Action<Checked> Verify) Transposed(int input, int output, int kernel, int stride, int padding, int outputPadding, bool bias)
    {
        var layer = new ConvTranspose2d(input, output, kernel, new Philox(3), stride, padding, outputPadding, bias: bias);
        return (layer, checkedLayer => checkedLayer.Bilinear(layer.Weight, layer.Bias, 1));
    }

    private static (Layer Layer, Action<Checked> Verify) Convolved(int input, int output, int kernel, int stride, int padding)
    {
        var layer = new Conv2d(input, output, kernel, new Philox(3), stride, padding);
        return (layer, checkedLayer => checkedLayer.Bilinear(layer.Weight, layer.Bias, 1));
    }

    // A layer y = A(x, w) + b that is linear in x and in w: the products of dy with y - b, of dx with x and of dw with w are
    // one number, and a gradient or a result that is wrong anywhere changes it.
    private sealed record Checked(string Name, Tensor X, Tensor Y, Tensor Dy)
    {
        public void Bilinear(Tensor weight, Tensor? bias, int channelAxis)
        {
            var (forward, magnitude) = Dot(Dy, Y);
            if (bias is not null)
            {
                var (values, slopes) = (bias.ToArray(), Dy.ToArray());
                var run = Dy.Shape.Rank == 4 ? Dy.Shape[2] * Dy.Shape[3] : 1;
                for (var i = 0; i < slopes.Length; i++)
                {
                    forward -= (double)slopes[i] * values[i / run % Dy.Shape[channelAxis]];
                }
            }

            if (X.Grad is { } dx)
            {
                Samples.Check($"{Name}: <dx, x>", Dot(dx, X).Value, forward, magnitude);
            }

            if (weight.Grad is { } dWeight)
            {
                Samples.Check($"{Name}: <dw, w>", Dot(dWeight, weight).Value, forward, magnitude);
            }
        }

        private static (double Value, double Magnitude) Dot(Tensor left, Tensor right)
        {
            var (a, b) = (left.ToArray(), right.ToArray());
            var (value, magnitude) = (0.0, 0.0);
            for (var i = 0; i < a.Length; i++)
            {
                value += (double)a[i] * b[i];
                magnitude += Math.Abs((double)a[i] * b[i]);
            }

            return (value, magnitude);
        }
    }
}
