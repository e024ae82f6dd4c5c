namespace Crypson.Tests;

/// <summary>Tensors filled in place, and values copied out.</summary>
public sealed class CreationTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(70)]
    public void Create_gives_what_was_filled_in(int count)
    {
        var floats = Tensor.Create([count], 3f, static (values, factor) => Fill(values, i => i * factor));
        var indices = IndexTensor.Create([count, 1], 3, static (values, factor) => Fill(values, i => i * factor));
        Assert.Equal(Enumerable.Range(0, count).Select(i => i * 3f), floats.ToArray());
        Assert.Equal(Enumerable.Range(0, count).Select(i => i * 3), indices.ToArray());
        Assert.Equal([count, 1], indices.Shape.Sizes.ToArray());

        var copy = new int[count];
        indices.CopyTo(copy);
        Assert.Equal(indices.ToArray(), copy);
        Assert.Contains($"{count + 1} elements given", Assert.Throws<ArgumentException>(() => indices.CopyTo(new int[count + 1])).Message);
    }

    private static void Fill<T>(Span<T> values, Func<int, T> value)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(i);
        }
    }
}
