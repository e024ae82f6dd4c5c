namespace Crypson.Tests;

/// <summary>Losses and softmax at the ends of their range, on each device.</summary>
public sealed class LossTests
{
    public static IEnumerable<TheoryDataRow<string>> Devices() => DeviceForms.All;

    [Theory]
    [MemberData(nameof(Devices))]
    public void Certain_probabilities_cost_a_hundred_at_most(string device)
    {
        var place = DeviceForms.Get(device);
        var x = Tensor.FromSpan([0, 1, 0, 1, 0.5f], place);
        x.RequiresGrad = true;
        var loss = x.BinaryCrossEntropy(Tensor.FromSpan([0, 1, 1, 0, 0.5f], place), LossReduction.Sum);
        Assert.Equal(200 + MathF.Log(2), loss.Item(), 1e-4f);
        loss.Backward();
        Assert.Equal([0, 0, -1e12f, 1e12f, 0], x.Grad!.ToArray(), (want, got) => Math.Abs(want - got) <= 1e-6f * Math.Abs(want));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Large_logits_cost_what_they_are_off(string device)
    {
        var place = DeviceForms.Get(device);
        var x = Tensor.FromSpan([200, -200, 200, -200, float.NaN], place);
        x.RequiresGrad = true;
        var target = Tensor.FromSpan([1, 0, 0, 1, 0], place);
        Assert.Equal(400f, x.Slice(0, 0, 4).BinaryCrossEntropyWithLogits(target.Slice(0, 0, 4), LossReduction.Sum).Item());
        var loss = x.BinaryCrossEntropyWithLogits(target);
        Assert.True(float.IsNaN(loss.Item()));
        loss.Backward();
        Assert.Equal([0, 0, 0.2f, -0.2f, float.NaN], x.Grad!.ToArray());
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Softmax_stays_finite_and_keeps_NaN(string device)
    {
        var place = DeviceForms.Get(device);
        float[] rows = [1e30f, -1e30f, 0, float.NegativeInfinity, 3, 3, 1, float.NaN, 2];
        var x = Tensor.FromSpan(rows, [3, 3], place);
        Assert.Equal([1, 0, 0, 0, 0.5f, 0.5f, float.NaN, float.NaN, float.NaN], x.Softmax().ToArray());
        var log = x.LogSoftmax().ToArray();
        Assert.Equal([0f, -2e30f, -1e30f, float.NegativeInfinity], log[..4]);
        Assert.Equal(-MathF.Log(2), log[4], 1e-6f);
        Assert.All(log[6..], value => Assert.True(float.IsNaN(value)));
        Assert.Equal(2e30f, x.Slice(0, 0, 1).CrossEntropy(IndexTensor.FromSpan([1], place)).Item());
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void The_mean_of_no_losses_is_not_a_number(string device)
    {
        var place = DeviceForms.Get(device);
        var none = Tensor.Zeros([0, 5], place);
        Assert.True(float.IsNaN(none.BinaryCrossEntropy(none).Item()));
        Assert.Equal(0, none.BinaryCrossEntropy(none, LossReduction.Sum).Item());
        Assert.True(float.IsNaN(none.CrossEntropy(IndexTensor.FromSpan([], [0], place)).Item()));
        Assert.Equal(0, Tensor.KlStandardNormal(none, none).Item());
    }
}
