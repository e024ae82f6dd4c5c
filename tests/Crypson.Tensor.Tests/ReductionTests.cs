namespace Crypson.Tests;

/// <summary>What the table does not say about reductions and normalisation, on each device: positions, long sums, running statistics.</summary>
public sealed class ReductionTests
{
    public static IEnumerable<TheoryDataRow<string>> Devices() => DeviceForms.All;

    [Theory]
    [MemberData(nameof(Devices))]
    public void ArgMax_names_the_first_largest(string device)
    {
        var x = Tensor.FromSpan([1, 7, 7, 3, 2, 2], [2, 3], DeviceForms.Get(device));
        Assert.Equal([1, 0, 0], x.ArgMax(0).ToArray());
        Assert.Equal([1, 0], x.ArgMax(1).ToArray());
        Assert.Equal([1, 0], x.ArgMax(-1).ToArray());
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void ArgMax_lacks_the_axis(string device) => Assert.Equal([2, 4], Tensor.Zeros([2, 3, 4], DeviceForms.Get(device)).ArgMax(1).Shape.ToArray());

    // Devices look at a long axis in parts: in pieces or in turn.
    [Theory]
    [MemberData(nameof(Devices))]
    public void A_long_axis_gives_the_first_largest_too(string device)
    {
        var place = DeviceForms.Get(device);
        var values = Tensor.Uniform([100_001], new Philox(8)).ToArray();
        foreach (var at in (int[])[70_000, 3, 50_001, 99_999])
        {
            values[at] = 2;
        }

        var x = Tensor.FromSpan(values, place);
        x.RequiresGrad = true;
        Assert.Equal([3], x.ArgMax(0).ToArray());
        x.Max().Backward();
        var gradient = x.Grad!.ToArray();
        Assert.Equal([3], Enumerable.Range(0, values.Length).Where(i => gradient[i] != 0));
        (values[60_000], values[5000]) = (float.NaN, float.NaN);
        var withNaN = Tensor.FromSpan(values, place);
        Assert.Equal([5000], withNaN.ArgMax(0).ToArray());
        Assert.True(float.IsNaN(withNaN.Max().Item()));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void NaN_is_the_largest_and_the_smallest(string device)
    {
        var place = DeviceForms.Get(device);
        var x = Tensor.FromSpan([1, float.NaN, 3, float.NaN], place);
        Assert.True(float.IsNaN(x.Max().Item()));
        Assert.True(float.IsNaN(x.Min().Item()));
        Assert.Equal([1], x.ArgMax(0).ToArray());
        Assert.True(float.IsNaN(Tensor.FromSpan([1, float.NaN], [1, 1, 1, 2], place).MaxPool2d((1, 2)).Item()));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_tie_sends_the_gradient_to_the_first(string device)
    {
        var place = DeviceForms.Get(device);
        var x = Tensor.FromSpan([2, 5, 5, 1], place);
        x.RequiresGrad = true;
        x.Max().Backward();
        Assert.Equal([0, 1, 0, 0], x.Grad!.ToArray());
        var y = Tensor.FromSpan([7, 5, 7, 1, 2, 7, 2, 7], [2, 2, 2], place);
        y.RequiresGrad = true;
        y.Max([2, 0]).Sum().Backward();
        Assert.Equal([1, 0, 1, 0, 0, 0, 0, 0], y.Grad!.ToArray());
        var z = Tensor.FromSpan([3, 3, 3, 3], [1, 1, 2, 2], place);
        z.RequiresGrad = true;
        z.MaxPool2d(2).Sum().Backward();
        Assert.Equal([1, 0, 0, 0], z.Grad!.ToArray());
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Equal_operands_of_maximum_share_the_gradient(string device)
    {
        var place = DeviceForms.Get(device);
        var (a, b) = (Tensor.FromSpan([1, 2], place), Tensor.FromSpan([1, 3], place));
        (a.RequiresGrad, b.RequiresGrad) = (true, true);
        Tensor.Maximum(a, b).Sum().Backward();
        Assert.Equal([0.5f, 0], a.Grad!.ToArray());
        Assert.Equal([0.5f, 1], b.Grad!.ToArray());
    }

    // Summed one by one in float32, a million numbers near 1 would be off by 1e-4 and more.
    [Theory]
    [MemberData(nameof(Devices))]
    public void Long_sums_keep_their_digits(string device)
    {
        foreach (var (rows, columns) in ((int, int)[])[(1_000_003, 1), (100_001, 9), (10_007, 32)])
        {
            var x = Tensor.Uniform([rows, columns], new Philox(3), 0.5f, 1.5f, DeviceForms.Get(device));
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

                // The CPU adds rows in blocks of 32 floats: √(100,000 / 32) blocks of rounding at most.
                Assert.Equal(sums[column], outer[column], sums[column] * 3e-6);
            }

            Assert.Equal(sums.Sum(), x.Sum().Item(), sums.Sum() * 1.5e-7);
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Infinities_and_NaN_pass_through_sums(string device)
    {
        foreach (var (value, other) in ((float, float)[])[(float.PositiveInfinity, 1), (float.NegativeInfinity, 1), (float.NaN, 1), (float.PositiveInfinity, float.NegativeInfinity)])
        {
            var values = Enumerable.Repeat(1f, 5000).ToArray();
            (values[77], values[4000]) = (value, other);
            Assert.Equal(values.Sum(), Tensor.FromSpan(values, DeviceForms.Get(device)).Sum().Item());
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Sums_go_over_any_set_of_many_axes(string device)
    {
        int[] shape = [2, 3, 2, 3, 2, 3, 2, 3];
        var here = Tensor.Uniform(shape, new Philox(4), 0.5f, 1.5f);
        var there = here.To(DeviceForms.Get(device));
        foreach (var axes in (int[][])[[0, 2, 4, 6], [1, 3, 5, 7], [0, 1, 4, 7], [2], [0, 1, 2, 3, 4, 5, 6, 7], []])
        {
            var (want, got) = (here.Sum(axes), there.Sum(axes));
            Assert.Equal(want.Shape, got.Shape);
            var (expected, actual) = (want.ToArray(), got.ToArray());
            for (var i = 0; i < expected.Length; i++)
            {
                Assert.Equal(expected[i], actual[i], expected[i] * 3e-7);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Sums_over_nothing_are_zero_and_means_are_not_numbers(string device)
    {
        var place = DeviceForms.Get(device);
        Assert.Equal([0, 0], Tensor.Zeros([2, 0], place).Sum([1]).ToArray());
        Assert.All(Tensor.Zeros([2, 0], place).Mean([1]).ToArray(), value => Assert.True(float.IsNaN(value)));
        Assert.True(float.IsNaN(Tensor.Zeros([0], place).Mean().Item()));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Operations_on_nothing_give_nothing(string device)
    {
        var place = DeviceForms.Get(device);
        var nothing = Tensor.Zeros([0, 3, 4, 4], place);
        nothing.RequiresGrad = true;
        var (weight, bias, mean, variance) = (Tensor.Ones([3], place), Tensor.Zeros([3], place), Tensor.Zeros([3], place), Tensor.Ones([3], place));
        Tensor[] results = [
            nothing.MaxPool2d(2), nothing.AvgPool2d(2), nothing.BatchNorm(weight, bias, mean, variance, false), nothing.Max(1), nothing.Slice(1, 1, 1),
            Tensor.Concat([nothing, nothing], 1), nothing.Softmax(), nothing.MinMaxNormalize(), nothing.LayerNorm(), nothing.Dropout(0.5f, new Philox(1))];
        foreach (var result in results)
        {
            Assert.Empty(result.ToArray());
            result.Sum().Backward();
        }

        Assert.Equal(nothing.Shape, nothing.Grad!.Shape);
        var table = Tensor.Ones([4, 5], place);
        table.RequiresGrad = true;
        var none = IndexTensor.FromSpan([], [0], place);
        table.Embedding(none).Sum().Backward();
        Assert.All(table.Grad!.ToArray(), value => Assert.Equal(0, value));
        Assert.Equal([0, 5], table.Embedding(none).Shape.ToArray());
        Assert.Equal(table.ToArray(), table.ScatterAdd(0, none.Reshape([0, 5]), Tensor.Zeros([0, 5], place)).ToArray());
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Batch_norm_moves_the_running_statistics_towards_the_unbiased_ones(string device)
    {
        var place = DeviceForms.Get(device);
        var x = Tensor.Normal([5, 3, 4, 2], new Philox(1), 100, 0.1f, place);
        var (mean, variance) = (Tensor.FromSpan([99, 100, 101], place), Tensor.FromSpan([1, 2, 3], place));
        x.BatchNorm(Tensor.Ones([3], place), Tensor.Zeros([3], place), mean, variance, true, momentum: 0.25f);
        var values = x.Permute([1, 0, 2, 3]).ToArray().Select(value => (double)value).Chunk(40).ToArray();
        for (var channel = 0; channel < 3; channel++)
        {
            var center = values[channel].Average();
            var unbiased = values[channel].Sum(value => (value - center) * (value - center)) / 39;
            Assert.Equal((0.75 * (99 + channel)) + (0.25 * center), mean.ToArray()[channel], 1e-5);
            Assert.Equal((0.75 * (1 + channel)) + (0.25 * unbiased), variance.ToArray()[channel], 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Batch_norm_in_evaluation_leaves_the_running_statistics_alone(string device)
    {
        var place = DeviceForms.Get(device);
        var (mean, variance) = (Tensor.FromSpan([1], place), Tensor.FromSpan([4], place));
        var y = Tensor.FromSpan([3, -1], [2, 1], place).BatchNorm(Tensor.Ones([1], place), Tensor.Zeros([1], place), mean, variance, false, eps: 0);
        Assert.Equal([1, -1], y.ToArray());
        Assert.Equal([1], mean.ToArray());
        Assert.Equal([4], variance.ToArray());
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_constant_image_is_scaled_to_zero(string device) =>
        Assert.Equal([0, 0, 0, 1], Tensor.FromSpan([5, 5, 2, 3], [2, 2], DeviceForms.Get(device)).MinMaxNormalize().ToArray());

    [Theory]
    [MemberData(nameof(Devices))]
    public void Dropout_keeps_the_share_and_the_mean(string device)
    {
        var ones = Tensor.Ones([100_000], DeviceForms.Get(device));
        var y = ones.Dropout(0.2f, new Philox(9)).ToArray();
        Assert.All(y, value => Assert.True(value is 0 or 1.25f));
        Assert.Equal(1, y.Average(), 0.01);
        Assert.Equal(Tensor.Ones([100_000]).Dropout(0.2f, new Philox(9)).ToArray(), y);
    }

    // Each place of the table has a fixed order of additions, so a run repeats to the bit.
    [Theory]
    [MemberData(nameof(Devices))]
    public void Rows_that_are_read_often_add_up_in_the_order_of_the_index(string device)
    {
        var place = DeviceForms.Get(device);
        var random = new Random(5);
        var rows = Enumerable.Range(0, 500).Select(_ => random.Next(3)).ToArray();
        var dy = Tensor.Normal([500, 70], new Philox(2));
        var table = Tensor.Zeros([3, 70], place);
        table.RequiresGrad = true;
        table.Embedding(IndexTensor.FromSpan(rows, place)).Backward(dy.To(place));
        var (want, values) = (new float[3 * 70], dy.ToArray());
        for (var i = 0; i < values.Length; i++)
        {
            want[(rows[i / 70] * 70) + (i % 70)] += values[i];
        }

        Assert.Equal(want, table.Grad!.ToArray());
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void An_index_outside_is_refused_on_every_device(string device)
    {
        var place = DeviceForms.Get(device);
        var (x, index) = (Tensor.Zeros([4, 3], place), IndexTensor.FromSpan([0, 3, 1], place));
        Assert.Contains("index 3 at position 1", Assert.Throws<ArgumentOutOfRangeException>(() => x.Slice(0, 0, 3).CrossEntropy(index)).Message);
        Assert.Contains("index 3 at position 1", Assert.Throws<ArgumentOutOfRangeException>(() => x.Slice(0, 0, 3).Embedding(index)).Message);
        Assert.Contains("index -1", Assert.Throws<ArgumentOutOfRangeException>(() => x.Embedding(IndexTensor.FromSpan([2, -1], place))).Message);
    }
}
