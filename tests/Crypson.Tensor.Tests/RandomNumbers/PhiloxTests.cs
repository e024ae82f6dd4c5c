namespace Crypson.Tests.RandomNumbers;

/// <summary>The generator against published vectors, and its numbers against their distributions.</summary>
public sealed class PhiloxTests
{
    // Random123's kat_vectors for philox4x32-10: counter, key, result.
    [Theory]
    [InlineData(0x0000000000000000, 0x0000000000000000, 0x0000000000000000, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8)]
    [InlineData(0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd)]
    [InlineData(0x85a308d3243f6a88, 0x0370734413198a2e, 0x299f31d0a4093822, 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1)]
    public void Block_gives_the_published_answers(ulong low, ulong high, ulong key, uint x, uint y, uint z, uint w) =>
        Assert.Equal((x, y, z, w), Philox.Block(key, high, low));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(-3, 5)]
    [InlineData(0.1f, 0.7f)]
    [InlineData(16_777_215, 16_777_216)]
    public void Uniform_numbers_stay_inside(float low, float high)
    {
        var values = new float[300_001];
        new Philox(4).Uniform(values, low, high);
        Assert.All(values, value => Assert.True(value >= low && value < high, $"{value:R}"));
        if (high - low < 10 && high < 100)
        {
            var (mean, width) = (values.Average(value => (double)value), high - low);
            Assert.Equal((low + high) / 2.0, mean, 0.003 * width);
            Assert.Equal(width * width / 12.0, values.Average(value => (value - mean) * (value - mean)), 0.001 * width * width);
        }
    }

    [Fact]
    public void Normal_numbers_are_those_of_Box_and_Muller()
    {
        var values = new float[20_000];
        new Philox(11, 3).Normal(values);
        for (var i = 0; i < values.Length; i += 4)
        {
            var (x, y, z, w) = Philox.Block(11, 3, (ulong)(i / 4));
            AssertPair(x, y, values[i], values[i + 1]);
            AssertPair(z, w, values[i + 2], values[i + 3]);
        }

        static void AssertPair(uint first, uint second, float a, float b)
        {
            var radius = Math.Sqrt(-2 * Math.Log(((first >> 8) + 1) / 16777216.0));
            var angle = 2 * Math.PI * (second >> 8) / 16777216.0;
            Assert.Equal(radius * Math.Cos(angle), a, 1e-6 * Math.Max(1, radius));
            Assert.Equal(radius * Math.Sin(angle), b, 1e-6 * Math.Max(1, radius));
        }
    }

    [Fact]
    public void Normal_numbers_have_the_normal_moments()
    {
        var values = new float[1_000_000];
        new Philox(2).Normal(values, 3, 2);
        var standard = Array.ConvertAll(values, value => (value - 3.0) / 2);

        // Four standard errors of each moment's mean over a million numbers.
        Assert.Equal(0, standard.Average(), 4e-3);
        Assert.Equal(1, standard.Average(value => value * value), 4e-3 * Math.Sqrt(2));
        Assert.Equal(0, standard.Average(value => value * value * value), 4e-3 * Math.Sqrt(15));
        Assert.Equal(3, standard.Average(value => value * value * value * value), 4e-3 * Math.Sqrt(96));
        Assert.Equal(0, standard.Zip(standard.Skip(1), (a, b) => a * b).Average(), 4e-3);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public void Permutation_has_every_number_once(int count)
    {
        var order = new Philox(6).Permutation(count);
        Assert.Equal(Enumerable.Range(0, count), order.Order());
        if (count == 1000)
        {
            Assert.NotEqual(Enumerable.Range(0, count), order);
            Assert.NotEqual(order, new Philox(7).Permutation(count));
        }
    }

    [Fact]
    public void Every_permutation_is_equally_likely()
    {
        var random = new Philox(8);
        var counts = Enumerable.Range(0, 60_000).Select(_ => string.Concat(random.Permutation(3))).CountBy(order => order).ToDictionary();
        Assert.Equal(6, counts.Count);

        // 10,000 expected; the standard deviation is 91.
        Assert.All(counts.Values, count => Assert.InRange(count, 9_600, 10_400));
    }

    [Fact]
    public void Bounded_integers_are_even_and_inside()
    {
        var random = new Philox(12);
        var counts = Enumerable.Range(0, 70_000).Select(_ => random.Next(7)).CountBy(value => value).ToDictionary();
        Assert.Equal(Enumerable.Range(0, 7), counts.Keys.Order());
        Assert.All(counts.Values, count => Assert.InRange(count, 9_600, 10_400));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.Next(0));
    }

    [Fact]
    public void The_counter_continues_a_stream()
    {
        var first = new Philox(21, 5);
        first.Uniform(new float[10]);
        first.Normal(new float[7]);
        first.Next(100);
        var second = new Philox(21, 5) { Counter = first.Counter };
        Assert.Equal(Draw(first), Draw(second));
        Assert.NotEqual(Draw(new Philox(21, 5)), Draw(new Philox(21, 6)));
        Assert.NotEqual(Draw(new Philox(21, 5)), Draw(new Philox(22, 5)));
    }

    private static float[] Draw(Philox random)
    {
        var values = new float[33];
        random.Normal(values);
        return [.. values, random.NextSingle(), random.NextNormal(), random.NextUInt32(), random.Next(1000)];
    }
}
