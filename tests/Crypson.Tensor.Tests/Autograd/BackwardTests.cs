namespace Crypson.Tests.Autograd;

/// <summary>The rules of the recorded graph.</summary>
public sealed class BackwardTests
{
    public static TheoryData<string> FreedIntermediates() => ["sum", "reshape", "transpose", "concat", "scatter add"];

    // These need no value of their input to go back, so nothing else would notice that it is gone.
    [Theory]
    [MemberData(nameof(FreedIntermediates))]
    public void A_freed_intermediate_is_an_error_not_a_lost_gradient(string op)
    {
        var x = Leaf(2, 3);
        Tensor loss;
        using (var scope = new TensorScope())
        {
            var hidden = (x * 2).Reshape([2, 1]);
            var after = op switch
            {
                "sum" => hidden,
                "reshape" => hidden.Reshape([1, 2]),
                "transpose" => hidden.Transpose(),
                "concat" => Tensor.Concat([hidden, hidden]),
                _ => hidden.ScatterAdd(0, IndexTensor.FromSpan([0], [1, 1]), Tensor.Ones([1, 1])),
            };
            loss = scope.Keep(after.Sum());
        }

        Assert.Contains("was freed", Assert.Throws<InvalidOperationException>(() => loss.Backward()).Message);
        Assert.Null(x.Grad);
    }

    [Fact]
    public void Gradients_of_two_passes_add_up()
    {
        var x = Leaf(2, 3);
        (x * 2).Sum().Backward();
        (x * 5).Sum().Backward();
        Assert.Equal([7, 7], x.Grad!.ToArray());
        x.ZeroGrad();
        Assert.Null(x.Grad);
        x.Square().Sum().Backward();
        Assert.Equal([4, 6], x.Grad!.ToArray());
    }

    [Fact]
    public void A_tensor_used_several_times_gets_the_sum()
    {
        var x = Leaf(3);
        ((x * x) + x + (x * x * x)).Backward();
        Assert.Equal([6 + 1 + 27], x.Grad!.ToArray());
    }

    // b is reached by a short and a long way; its own inputs must wait for both.
    [Fact]
    public void Diamonds_are_walked_once()
    {
        var x = Leaf(2);
        var b = x * 3;
        var longWay = b.Square().Square().Reshape([1]);
        (b + longWay + (b * longWay)).Backward();

        // f(b) = b + b⁴ + b⁵ at b = 6, times 3.
        Assert.Equal([3 * (1 + (4 * 216) + (5 * 1296))], x.Grad!.ToArray());
    }

    [Fact]
    public void A_long_chain_needs_no_deep_stack()
    {
        var x = Leaf(1);
        var y = x;
        for (var i = 0; i < 20_000; i++)
        {
            y += 1;
        }

        y.Backward();
        Assert.Equal([1], x.Grad!.ToArray());
    }

    [Fact]
    public void A_graph_is_used_once()
    {
        var x = Leaf(2);
        var y = x.Square();
        y.Backward();
        Assert.Contains("already called", Assert.Throws<InvalidOperationException>(() => y.Backward()).Message);
        Assert.Contains("already called", Assert.Throws<InvalidOperationException>(() => (y * 2).Backward()).Message);
    }

    [Fact]
    public void An_input_changed_after_the_forward_pass_is_noticed()
    {
        var (x, weight) = (Leaf(2), Leaf(3));
        var y = x * weight;
        using (Tensor.NoGrad())
        {
            weight.Fill(100);
        }

        var error = Assert.Throws<InvalidOperationException>(() => y.Backward());
        Assert.Contains("multiply: input 1 was changed in place", error.Message);
    }

    [Fact]
    public void A_result_changed_after_the_forward_pass_is_noticed()
    {
        var y = Leaf(2).Exp();
        using (Tensor.NoGrad())
        {
            y.ScaleInPlace(2);
        }

        Assert.Contains("exp: the result was changed in place", Assert.Throws<InvalidOperationException>(() => y.Backward()).Message);
    }

    [Fact]
    public void A_change_through_a_view_is_noticed()
    {
        var x = Leaf(2, 3);
        var y = x.Square().Sum();
        x.Detach().Fill(0);
        Assert.Contains("changed in place", Assert.Throws<InvalidOperationException>(() => y.Backward()).Message);
    }

    [Fact]
    public void Parameters_are_not_changed_by_accident()
    {
        var x = Leaf(2);
        foreach (var change in (Action[])[() => x.Fill(1), () => x.ScaleInPlace(2), () => x.AddInPlace(Tensor.Ones([1])), () => x.CopyFrom([1f])])
        {
            Assert.Contains("Tensor.NoGrad()", Assert.Throws<InvalidOperationException>(change).Message);
        }
    }

    [Fact]
    public void Nothing_is_recorded_without_gradients()
    {
        var x = Leaf(2);
        Tensor y;
        using (Tensor.NoGrad())
        {
            Assert.True(NoGradScope.IsActive);
            using (Tensor.NoGrad())
            {
            }

            Assert.True(NoGradScope.IsActive);
            y = x * 2;
        }

        Assert.False(NoGradScope.IsActive);
        Assert.False(y.RequiresGrad);
        Assert.True(y.IsLeaf);
        Assert.Contains("does not depend", Assert.Throws<InvalidOperationException>(() => y.Backward()).Message);
        Assert.True((x * 2).RequiresGrad);
    }

    [Fact]
    public void Detaching_cuts_the_graph()
    {
        var x = Leaf(3);
        (x * x.Detach()).Backward();
        Assert.Equal([3], x.Grad!.ToArray());
        Assert.False(x.Detach().RequiresGrad);
    }

    [Fact]
    public void More_than_one_element_needs_a_gradient()
    {
        var y = Leaf(1, 2) * 2;
        Assert.Contains("[2]", Assert.Throws<ArgumentException>(() => y.Backward()).Message);
        Assert.Contains("[3]", Assert.Throws<ArgumentException>(() => y.Backward(Tensor.Ones([3]))).Message);
    }

    [Fact]
    public void Leaves_own_their_gradients()
    {
        var (a, b, dy) = (Leaf(1, 2), Leaf(3, 4), Tensor.FromSpan([1, 1]));
        (a + b).Backward(dy);
        a.Grad!.ScaleInPlace(10);
        Assert.Equal([1, 1], b.Grad!.ToArray());
        Assert.Equal([1, 1], dy.ToArray());
        b.Grad.ScaleInPlace(5);
        Assert.Equal([10, 10], a.Grad.ToArray());
    }

    [Fact]
    public void A_leaf_can_be_differentiated_itself()
    {
        var (x, dy) = (Leaf(1, 2), Tensor.FromSpan([3, 4]));
        x.Backward(dy);
        x.Grad!.Fill(0);
        Assert.Equal([3, 4], dy.ToArray());
    }

    // Every step of a network of all kinds of layers ends in a gradient for every parameter: none is lost on the way.
    [Fact]
    public void Gradients_never_vanish_silently()
    {
        var random = new Philox(1);
        Tensor Parameter(params int[] shape)
        {
            var tensor = Tensor.Uniform(Shape.Create(shape), random, 0.5f, 1);
            tensor.RequiresGrad = true;
            return tensor;
        }

        Tensor[] parameters = [Parameter(5, 4), Parameter(2, 1, 2, 2), Parameter(2), Parameter(2), Parameter(2), Parameter(2, 3, 2, 2), Parameter(3), Parameter(6, 12), Parameter(6)];
        var image = parameters[0].Embedding(IndexTensor.FromSpan([0, 3, 1])).Reshape([3, 1, 2, 2]);
        var features = image.Conv2d(parameters[1], parameters[2], padding: 1)
            .BatchNorm(parameters[3], parameters[4], Tensor.Zeros([2]), Tensor.Ones([2]), true)
            .Silu().MaxPool2d(2, 1).ConvTranspose2d(parameters[5], parameters[6]).AvgPool2d(2, 1).Sigmoid();
        var logits = Tensor.Concat([features.Flatten(), image.Flatten().Tanh()], 1).Slice(1, 0, 12).Linear(parameters[7], parameters[8]);
        logits.LayerNorm().CrossEntropy(IndexTensor.FromSpan([1, 2, 0])).Backward();
        for (var i = 0; i < parameters.Length; i++)
        {
            Assert.NotNull(parameters[i].Grad);
            Assert.Contains(parameters[i].Grad!.ToArray(), value => value != 0 && float.IsFinite(value));
        }
    }

    [Fact]
    public void An_operation_without_a_gradient_throws()
    {
        var x = Leaf(1);
        var y = Tensor.Record("odd", Tensor.Ones([1]), [x], _ => [null]);
        Assert.Contains("odd: no gradient is defined for input 0", Assert.Throws<InvalidOperationException>(() => y.Backward()).Message);
    }

    [Fact]
    public void Only_leaves_become_parameters()
    {
        var y = Leaf(1) * 2;
        Assert.Contains("Detach", Assert.Throws<InvalidOperationException>(() => y.RequiresGrad = false).Message);
    }

    private static Tensor Leaf(params float[] values)
    {
        var tensor = Tensor.FromSpan(values);
        tensor.RequiresGrad = true;
        return tensor;
    }
}
