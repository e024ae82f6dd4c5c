namespace Crypson.Nn.Tests.Layers;

/// <summary>Names, starting values and shapes of the layers, as PyTorch has them.</summary>
public sealed class LayerTests
{
    private static readonly Philox Random = new(1);

    public static TheoryData<string, Layer, string, int[], int[]> Cases => new()
    {
        { "linear", new Linear(10, 4, Random), "weight [4, 10] bias [4]", [3, 10], [3, 4] },
        { "linear without bias", new Linear(10, 4, Random, bias: false), "weight [4, 10]", [2, 3, 10], [2, 3, 4] },
        { "conv", new Conv2d(3, 5, (3, 2), Random, 2, 1), "weight [5, 3, 3, 2] bias [5]", [2, 3, 8, 8], [2, 5, 4, 5] },
        { "conv without bias", new Conv2d(3, 5, 3, Random, dilation: 2, bias: false), "weight [5, 3, 3, 3]", [2, 3, 8, 8], [2, 5, 4, 4] },
        { "conv transpose", new ConvTranspose2d(3, 5, 4, Random, 2, 1), "weight [3, 5, 4, 4] bias [5]", [2, 3, 8, 8], [2, 5, 16, 16] },
        { "conv transpose without bias", new ConvTranspose2d(3, 5, 3, Random, 2, 1, 1, bias: false), "weight [3, 5, 3, 3]", [2, 3, 8, 8], [2, 5, 16, 16] },
        { "batch norm", new BatchNorm2d(3), "weight [3] bias [3] running_mean [3] running_var [3]", [2, 3, 4, 4], [2, 3, 4, 4] },
        { "layer norm", new LayerNorm(6), "weight [6] bias [6]", [2, 6], [2, 6] },
        { "flatten", new Flatten(), "", [2, 3, 4], [2, 12] },
        { "unflatten", new Unflatten([3, 2, 2]), "", [2, 12], [2, 3, 2, 2] },
        { "relu", Activation.Relu(), "", [2, 3], [2, 3] },
        { "dropout", new Dropout(0.5f, Random), "", [2, 3], [2, 3] },
        {
            "sequential", new Sequential(new Linear(6, 4, Random), Activation.Tanh(), new Sequential(new Linear(4, 2, Random, bias: false))),
            "0.weight [4, 6] 0.bias [4] 2.0.weight [2, 4]", [5, 6], [5, 2]
        },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Parameters_and_result_have_their_shapes(string name, Layer layer, string state, int[] input, int[] output)
    {
        Assert.Equal(state, string.Join(' ', layer.State().Select(item => $"{item.Name} {item.Value.Shape}")));
        Assert.True(layer.Parameters().All(parameter => parameter.RequiresGrad), name);
        Assert.True(layer.NamedBuffers().All(buffer => !buffer.Value.RequiresGrad), name);
        Assert.Equal(layer.Parameters().Sum(parameter => parameter.Count), layer.ParameterCount);
        Assert.Equal(output, layer.Forward(Tensor.Normal(Shape.Create(input), new Philox(2))).Shape.ToArray());
    }

    // PyTorch: uniform in ±1/√fan_in, whose variance is 1/(3 fan_in). A transposed convolution takes its second axis.
    [Theory]
    [InlineData("linear", 300)]
    [InlineData("conv", 20 * 9)]
    [InlineData("conv transpose", 30 * 9)]
    public void Weights_start_uniform_in_the_fan_in_range(string kind, int fanIn)
    {
        var random = new Philox(5);
        Layer layer = kind switch
        {
            "linear" => new Linear(300, 400, random),
            "conv" => new Conv2d(20, 30, 3, random),
            _ => new ConvTranspose2d(20, 30, 3, random),
        };
        var bound = 1 / Math.Sqrt(fanIn);
        foreach (var (name, value) in layer.NamedParameters())
        {
            var values = value.ToArray();
            Assert.All(values, weight => Assert.InRange(weight, -bound - 1e-7, bound + 1e-7));
            if (name == "weight")
            {
                Assert.InRange(values.Max(), 0.99 * bound, bound + 1e-7);
                Assert.Equal(0, values.Average(), 0.03 * bound);
                Assert.Equal(bound * bound / 3, values.Average(weight => (double)weight * weight), 0.03 * bound * bound);
            }
        }
    }

    [Fact]
    public void Embedding_starts_with_the_standard_normal_distribution()
    {
        var embedding = new Embedding(100, 200, new Philox(5));
        Assert.Equal("weight [100, 200]", string.Join(' ', embedding.State().Select(item => $"{item.Name} {item.Value.Shape}")));
        var values = embedding.Weight.ToArray();
        Assert.Equal(0, values.Average(), 0.03);
        Assert.Equal(1, values.Average(value => (double)value * value), 0.04);
        Assert.Equal([4, 2, 200], embedding.Forward(IndexTensor.FromSpan(new int[8], [4, 2])).Shape.ToArray());
    }

    [Fact]
    public void Training_mode_reaches_every_child()
    {
        var (dropout, norm) = (new Dropout(0.5f, new Philox(1)), new BatchNorm2d(2));
        var network = new Sequential(norm, new Sequential(dropout));
        Assert.True(dropout.IsTraining);
        network.Eval();
        Assert.False(dropout.IsTraining || norm.IsTraining);
        Assert.Equal([1, 1], dropout.Forward(Tensor.Ones([2])).ToArray());
        network.Train();
        Assert.True(dropout.IsTraining && norm.IsTraining);
    }

    [Fact]
    public void Freezing_stops_gradients()
    {
        var layer = new Linear(2, 2, new Philox(1));
        layer.RequireGrad(false);
        Assert.False(layer.Forward(Tensor.Ones([1, 2])).RequiresGrad);
        layer.RequireGrad(true);
        layer.Forward(Tensor.Ones([1, 2])).Sum().Backward();
        Assert.All(layer.Parameters(), parameter => Assert.NotNull(parameter.Grad));
        layer.ZeroGrad();
        Assert.All(layer.Parameters(), parameter => Assert.Null(parameter.Grad));
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights()
    {
        var (a, b, c) = (new Linear(5, 5, new Philox(9)), new Linear(5, 5, new Philox(9)), new Linear(5, 5, new Philox(10)));
        Assert.Equal(a.Weight.ToArray(), b.Weight.ToArray());
        Assert.NotEqual(a.Weight.ToArray(), c.Weight.ToArray());
        c.CopyFrom(a);
        Assert.Equal(a.State().SelectMany(item => item.Value.ToArray()), c.State().SelectMany(item => item.Value.ToArray()));
    }
}
