namespace Crypson.Messaging.Tests.Container;

public sealed class LatentQuantizerTests
{
    private static readonly short[] Extremes = [short.MinValue, short.MinValue + 1, -256, -1, 0, 1, 255, 256, short.MaxValue - 1, short.MaxValue];

    [Theory]
    [InlineData(1f / 4096)]
    [InlineData(0.001f)]
    [InlineData(1f)]
    [InlineData(1.17549435e-38f)]
    [InlineData(1e34f)]
    public void Every_integer_survives(float step)
    {
        var quantizer = new LatentQuantizer(step);
        var all = Enumerable.Range(short.MinValue, 65536).Select(value => (short)value).ToArray();
        var latent = new float[all.Length];
        var back = new short[all.Length];
        quantizer.Dequantize(all, latent);
        Assert.True(quantizer.TryQuantize(latent, back));
        Assert.Equal(all, back);
    }

    [Fact]
    public void The_nearest_integer_is_taken()
    {
        var quantizer = new LatentQuantizer(0.5f);
        var quantized = new short[6];
        Assert.True(quantizer.TryQuantize([0.24f, 0.26f, -0.76f, 0.25f, 0.75f, -0f], quantized));
        Assert.Equal([0, 1, -2, 0, 2, 0], quantized);
    }

    [Theory]
    [InlineData(32767.49f, true)]
    [InlineData(32767.5f, false)]
    [InlineData(-32768.5f, true)]
    [InlineData(-32768.75f, false)]
    [InlineData(1e30f, false)]
    [InlineData(float.PositiveInfinity, false)]
    [InlineData(float.NegativeInfinity, false)]
    [InlineData(float.NaN, false)]
    public void Nothing_is_clipped(float value, bool fits) =>
        Assert.Equal(fits, new LatentQuantizer(1f).TryQuantize([0f, value], new short[2]));

    [Fact]
    public void A_mask_comes_off_exactly_at_all_extremes()
    {
        foreach (var value in Extremes)
        {
            foreach (var mask in Extremes)
            {
                short[] values = [value, mask];
                LatentQuantizer.AddMask(values, [mask, value]);
                Assert.Equal(values[0], values[1]);
                Assert.Equal((value + mask) & 0xFFFF, values[0] & 0xFFFF);
                LatentQuantizer.SubtractMask(values, [mask, value]);
                Assert.Equal([value, mask], values);
            }
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.Epsilon)]
    [InlineData(1.1e34f)]
    public void An_unusable_step_is_refused(float step) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LatentQuantizer(step));

    [Fact]
    public void Different_lengths_are_refused()
    {
        var quantizer = new LatentQuantizer(1f);
        Assert.Throws<ArgumentException>(() => quantizer.TryQuantize(new float[8], new short[7]));
        Assert.Throws<ArgumentException>(() => quantizer.Dequantize(new short[8], new float[9]));
        Assert.Throws<ArgumentException>(() => LatentQuantizer.AddMask(new short[8], new short[4]));
        Assert.Throws<ArgumentException>(() => LatentQuantizer.SubtractMask(new short[4], new short[8]));
    }
}
