namespace Crypson.Nn.Tests;

/// <summary>Fused layers against the same layers one by one.</summary>
public class FusedPrefixTests
{
    private static readonly Philox Random = new(1);

    public static TheoryData<string, int> Cases()
    {
        var cases = new TheoryData<string, int>();
        foreach (var name in Stacks.Keys)
        {
            foreach (var batch in new[] { 43, 64, 128, 300 })
            {
                cases.Add(name, batch);
            }
        }

        return cases;
    }

    private static Dictionary<string, (Func<Sequential> Make, int[] Sizes)> Stacks { get; } = new()
    {
        ["encoder"] = (() => new(
            new Conv2d(1, 32, 3, Random, 2, 1), new BatchNorm2d(32), Activation.Relu(), new Conv2d(32, 64, 3, Random, 2, 1), new BatchNorm2d(64),
            Activation.Relu(), new Flatten(), new Linear(64 * 16, 8, Random)), [1, 16, 16]),
        ["decoder"] = (() => new(
            new Linear(8, 64 * 4, Random), Activation.Relu(), new Unflatten([64, 2, 2]), new ConvTranspose2d(64, 32, 3, Random, 2, 1, 1),
            new BatchNorm2d(32), Activation.Relu(), new ConvTranspose2d(32, 1, 3, Random, 2, 1, 1), new BatchNorm2d(1), Activation.Relu(),
            new Conv2d(1, 1, 3, Random, padding: 1), Activation.Sigmoid(), new Flatten(), new Linear(64, 47, Random), Activation.Relu(),
            new Dropout(0.2f, Random), new Linear(47, 5, Random)), [8]),
        ["generator"] = (() => new(
            new ConvTranspose2d(16, 40, 4, Random, bias: false), new BatchNorm2d(40), Activation.Relu(),
            new ConvTranspose2d(40, 20, 4, Random, 2, 1, bias: false), new BatchNorm2d(20), Activation.LeakyRelu(0.2f),
            new ConvTranspose2d(20, 1, 4, Random, 2, 1, bias: false), Activation.Tanh()), [16, 1, 1]),
        ["odd sizes"] = (() => new(
            new Conv2d(16, 17, (3, 4), Random, 2, 1), Activation.Silu(), new ConvTranspose2d(17, 19, (4, 3), Random, 2, (1, 0), (1, 0)),
            new BatchNorm2d(19), Activation.Tanh()), [16, 7, 9]),
        ["tiles of four positions"] = (() => new(
            new ConvTranspose2d(17, 70, 4, Random, 2, 1), new BatchNorm2d(70), Activation.Relu(), new ConvTranspose2d(70, 33, 3, Random, 2, 1),
            Activation.Sigmoid(), new ConvTranspose2d(33, 32, (4, 3), Random, 2, 1, (0, 1))), [17, 3, 4]),
        ["two taps in one direction"] = (() => new(
            new Conv2d(16, 18, (4, 2), Random, 2, (1, 0)), Activation.Relu(), new ConvTranspose2d(18, 16, (2, 4), Random, 2, (0, 1)),
            new Conv2d(16, 16, (2, 3), Random, 2, (0, 1))), [16, 8, 8]),
        ["other strides and dilations"] = (() => new(
            new Conv2d(3, 5, 3, Random, (1, 2), (2, 0), (2, 1)), Activation.Relu(), new ConvTranspose2d(5, 4, (2, 5), Random, 3, 0, (1, 2), (2, 1)),
            Activation.Relu(), new Conv2d(4, 18, 1, Random), new BatchNorm2d(18)), [3, 9, 8]),
        ["pixels that no tap reaches"] = (() => new(
            new ConvTranspose2d(16, 16, 1, Random, 3), Activation.Relu(), new ConvTranspose2d(16, 3, 2, Random, 2)), [16, 3, 2]),
        ["one pixel"] = (() => new(new Conv2d(20, 33, 1, Random), Activation.Relu(), new Conv2d(33, 1, 1, Random, bias: false)), [20, 1, 1]),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void ALayerStackIsWhatItsLayersAreOneByOne(string name, int batch)
    {
        var (stack, x) = Prepare(name, batch);
        using var noGrad = Tensor.NoGrad();
        Assert.Equal(stack.Layers.Count, FusedCount(stack, x));
        AssertClose(OneByOne(stack, x), stack.Forward(x));
    }

    // Fewer panels than threads, as many, and more: idle threads help with the panels of the others.
    [Theory]
    [InlineData(64)]
    [InlineData(100)]
    [InlineData(300)]
    public void ResultsDoNotDependOnTheNumberOfThreads(int batch)
    {
        var (stack, x) = Prepare("generator", batch);
        using var noGrad = Tensor.NoGrad();
        var threads = CpuDevice.Threads;
        try
        {
            CpuDevice.Threads = 1;
            var one = stack.Forward(x).ToArray();
            foreach (var several in new[] { 2, 3, 7 })
            {
                CpuDevice.Threads = several;
                Assert.Equal(one, stack.Forward(x).ToArray());
            }
        }
        finally
        {
            CpuDevice.Threads = threads;
        }
    }

    [Fact]
    public void AChangedWeightOrStatisticIsNoticed()
    {
        var (stack, x) = Prepare("encoder", 64);
        using var noGrad = Tensor.NoGrad();
        stack.Forward(x);
        foreach (var (name, value) in stack.State().ToList())
        {
            value.CopyFrom(Tensor.Uniform(value.Shape, Random, 0.5f, 1.5f));
            AssertClose(OneByOne(stack, x), stack.Forward(x), name);
        }
    }

    [Fact]
    public void OnlyLayersWithoutGradientsAreFused()
    {
        var (stack, x) = Prepare("decoder", 64);
        Assert.Equal(0, FusedCount(stack, x));
        foreach (var layer in stack.Layers.Take(11))
        {
            layer.RequireGrad(false);
        }

        // Decoder, its sigmoid and the flattening; the linear layers behind still learn.
        Assert.Equal(12, FusedCount(stack, x));
        var loss = stack.Forward(x).Sum();
        loss.Backward();
        var learning = (Linear)stack.Layers[12];
        var gradient = learning.Weight.Grad!.Clone();
        stack.ZeroGrad();
        OneByOne(stack, x).Sum().Backward();
        AssertClose(learning.Weight.Grad!, gradient);

        var input = x.Clone();
        input.RequiresGrad = true;
        Assert.Equal(0, FusedCount(stack, input));
        stack.Forward(input).Sum().Backward();
        Assert.NotNull(input.Grad);
    }

    [Fact]
    public void TrainingBatchNormsAndDropoutsAreNotFused()
    {
        var (stack, x) = Prepare("decoder", 64);
        using var noGrad = Tensor.NoGrad();
        stack.Layers[14].Train();
        Assert.Equal(14, FusedCount(stack, x));
        stack.Layers[4].Train();
        Assert.Equal(4, FusedCount(stack, x));
        var before = ((BatchNorm2d)stack.Layers[4]).RunningMean.ToArray();
        stack.Forward(x);
        Assert.NotEqual(before, ((BatchNorm2d)stack.Layers[4]).RunningMean.ToArray());
    }

    [Fact]
    public void NotANumberGoesThrough()
    {
        var (stack, x) = Prepare("decoder", 64);
        using var noGrad = Tensor.NoGrad();
        var values = x.ToArray();
        values[8 * 5] = float.NaN;
        x.CopyFrom(values);
        var y = stack.Forward(x).ToArray();
        for (var i = 0; i < y.Length; i++)
        {
            Assert.Equal(i / 5 == 5, float.IsNaN(y[i]));
        }
    }

    [Fact]
    public void WrongShapesHaveTheLayersErrors()
    {
        var (stack, _) = Prepare("encoder", 64);
        using var noGrad = Tensor.NoGrad();
        Assert.StartsWith("conv2d:", Assert.Throws<ArgumentException>(() => stack.Forward(Tensor.Zeros([64, 2, 16, 16]))).Message);
        Assert.StartsWith("linear:", Assert.Throws<ArgumentException>(() => stack.Forward(Tensor.Zeros([64, 1, 32, 32]))).Message);
    }

    private static int FusedCount(Sequential stack, Tensor x) => new FusedPrefix(stack.Layers).Forward(x).Layers;

    // In evaluation, with statistics that a batch norm could have.
    private static (Sequential Stack, Tensor X) Prepare(string name, int batch)
    {
        var (make, sizes) = Stacks[name];
        var stack = make();
        stack.Eval();
        using var noGrad = Tensor.NoGrad();
        foreach (var norm in stack.Layers.OfType<BatchNorm2d>())
        {
            norm.RunningMean.CopyFrom(Tensor.Normal(norm.RunningMean.Shape, Random));
            norm.RunningVariance.CopyFrom(Tensor.Uniform(norm.RunningMean.Shape, Random, 0.2f, 2));
            norm.Weight.CopyFrom(Tensor.Uniform(norm.RunningMean.Shape, Random, 0.5f, 2));
            norm.Bias.CopyFrom(Tensor.Normal(norm.RunningMean.Shape, Random));
        }

        return (stack, Tensor.Normal([batch, .. sizes], Random));
    }

    private static Tensor OneByOne(Sequential stack, Tensor x) => stack.Layers.Aggregate(x, (value, layer) => layer.Forward(value));

    private static void AssertClose(Tensor expected, Tensor actual, string? what = null)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        var (e, a) = (expected.ToArray(), actual.ToArray());
        var scale = e.Max(Math.Abs);
        for (var i = 0; i < e.Length; i++)
        {
            Assert.True(Math.Abs(e[i] - a[i]) <= 4e-6 * (1 + scale), $"{what} element {i}: {a[i]} instead of {e[i]}");
        }
    }
}
