namespace Crypson.Tests;

/// <summary>What the table does not say about reductions and normalisation: positions, long sums, running statistics.</summary>
public sealed class ReductionTests
{
    [Theory]
    [InlineData(0, new[] { 1, 0, 0 })]
    [InlineData(1, new[] { 1, 0 })]
    [InlineData(-1, new[] { 1, 0 })]
    public void ArgMax_names_the_first_largest(int axis, int[] want) =>
        Assert.Equal(want, Tensor.FromSpan([1, 7, 7, 3, 2, 2], [2, 3]).ArgMax(axis).ToArray());

    [Fact]
    public void ArgMax_lacks_the_axis() => Assert.Equal([2, 4], Tensor.Zeros([2, 3, 4]).ArgMax(1).Shape.ToArray());

    [Fact]
    public void NaN_is_the_largest_and_the_smallest()
    {
        var x = Tensor.FromSpan([1, float.NaN, 3, float.NaN]);
        Assert.True(float.IsNaN(x.Max().Item()));
        Assert.True(float.IsNaN(x.Min().Item()));
        Assert.Equal([1], x.ArgMax(0).ToArray());
        Assert.True(float.IsNaN(Tensor.FromSpan([1, float.NaN], [1, 1, 1, 2]).MaxPool2d((1, 2)).Item()));
    }

    [Fact]
    public void A_tie_sends_the_gradient_to_the_first()
    {
        var x = Tensor.FromSpan([2, 5, 5, 1]);
        x.RequiresGrad = true;
        x.Max().Backward();
        Assert.Equal([0, 1, 0, 0], x.Grad!.ToArray());
        var y = Tensor.FromSpan([7, 5, 7, 1, 2, 7, 2, 7], [2, 2, 2]);
        y.RequiresGrad = true;
        y.Max([2, 0]).Sum().Backward();
        Assert.Equal([1, 0, 1, 0, 0, 0, 0, 0], y.Grad!.ToArray());
    }

    [Fact]
    public void Equal_operands_of_maximum_share_the_gradient()
    {
        var (a, b) = (Tensor.FromSpan([1, 2]), Tensor.FromSpan([1, 3]));
        (a.RequiresGrad, b.RequiresGrad) = (true, true);
        Tensor.Maximum(a, b).Sum().Backward();
        Assert.Equal([0.5f, 0], a.Grad!.ToArray());
        Assert.Equal([0.5f, 1], b.Grad!.ToArray());
    }

    // Summed one by one in float32, a million numbers near 1 would be off by 1e-4 and more.
    [Theory]
    [InlineData(1_000_003, 1)]
    [InlineData(100_001, 9)]
    public void Long_sums_keep_their_digits(int rows, int columns)
    {
        var x = Tensor.Uniform([rows, columns], new Philox(3), 0.5f, 1.5f);
        var values = x.ToArray();
        var sums = new double[columns];
        for (var i = 0; i < values.Length; i++)
        {
            sums[i % columns] += values[i];
        }

        var inner = x.Transpose().Sum([1]).ToArray();
        var outer = x.Sum([0]).ToArray();
        for (var column = 0; column < columns; column++)
        {
            Assert.Equal(sums[column], inner[column], sums[column] * 2e-7);

            // Rows are added in blocks of 32 floats: √(100,000 / 32) blocks of rounding at most.
            Assert.Equal(sums[column], outer[column], sums[column] * 3e-6);
        }

        Assert.Equal(sums.Sum(), x.Sum().Item(), sums.Sum() * 1e-7);
    }

    [Fact]
    public void Sums_over_nothing_are_zero_and_means_are_not_numbers()
    {
        Assert.Equal([0, 0], Tensor.Zeros([2, 0]).Sum([1]).ToArray());
        Assert.All(Tensor.Zeros([2, 0]).Mean([1]).ToArray(), value => Assert.True(float.IsNaN(value)));
        Assert.True(float.IsNaN(Tensor.Zeros([0]).Mean().Item()));
    }

    [Fact]
    public void Batch_norm_moves_the_running_statistics_towards_the_unbiased_ones()
    {
        var x = Tensor.Normal([5, 3, 4, 2], new Philox(1), 100, 0.1f);
        var (mean, variance) = (Tensor.FromSpan([99, 100, 101]), Tensor.FromSpan([1, 2, 3]));
        x.BatchNorm(Tensor.Ones([3]), Tensor.Zeros([3]), mean, variance, true, momentum: 0.25f);
        var values = x.Permute([1, 0, 2, 3]).ToArray().Select(value => (double)value).Chunk(40).ToArray();
        for (var channel = 0; channel < 3; channel++)
        {
            var center = values[channel].Average();
            var unbiased = values[channel].Sum(value => (value - center) * (value - center)) / 39;
            Assert.Equal((0.75 * (99 + channel)) + (0.25 * center), mean.ToArray()[channel], 1e-5);
            Assert.Equal((0.75 * (1 + channel)) + (0.25 * unbiased), variance.ToArray()[channel], 1e-6);
        }
    }

    [Fact]
    public void Batch_norm_in_evaluation_leaves_the_running_statistics_alone()
    {
        var (mean, variance) = (Tensor.FromSpan([1]), Tensor.FromSpan([4]));
        var y = Tensor.FromSpan([3, -1], [2, 1]).BatchNorm(Tensor.Ones([1]), Tensor.Zeros([1]), mean, variance, false, eps: 0);
        Assert.Equal([1, -1], y.ToArray());
        Assert.Equal([1], mean.ToArray());
        Assert.Equal([4], variance.ToArray());
    }

    [Fact]
    public void A_constant_image_is_scaled_to_zero() => Assert.Equal([0, 0, 0, 1], Tensor.FromSpan([5, 5, 2, 3], [2, 2]).MinMaxNormalize().ToArray());

    [Fact]
    public void Dropout_keeps_the_share_and_the_mean()
    {
        var y = Tensor.Ones([100_000]).Dropout(0.2f, new Philox(9)).ToArray();
        Assert.All(y, value => Assert.True(value is 0 or 1.25f));
        Assert.Equal(1, y.Average(), 0.01);
    }
}
