namespace Crypson.Nn.Tests;

public sealed class UnflattenTests
{
    // A shape spread into a collection counts as its elements, not its axes; only its sizes may be spread.
    [Fact]
    public void Splits_the_second_axis_whatever_the_element_count()
    {
        using var x = Tensor.FromSpan([.. Enumerable.Range(0, 24).Select(i => (float)i)], [2, 12]);
        using var y = new Unflatten([3, 2, 2]).Forward(x);
        Assert.Equal([2, 3, 2, 2], y.Shape.ToArray());
        Assert.Equal(x.ToArray(), y.ToArray());
    }

    [Fact]
    public void Products_broadcast_their_batches()
    {
        using var a = Tensor.FromSpan([1, 2, 3, 4], [2, 1, 1, 2]);
        using var b = Tensor.FromSpan([1, 10, 2, 20, 3, 30], [3, 2, 1]);
        using var y = a.MatMul(b);
        Assert.Equal([2, 3, 1, 1], y.Shape.ToArray());
        Assert.Equal([21, 42, 63, 43, 86, 129], y.ToArray());
    }
}
