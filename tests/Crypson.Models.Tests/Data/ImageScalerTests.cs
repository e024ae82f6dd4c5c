namespace Crypson.Models.Tests;

public sealed class ImageScalerTests
{
    // Each of the two passes rounds to whole bytes, so the result may be a full step from the exact value, not more.
    [Theory]
    [InlineData(28, 32)]
    [InlineData(256, 32)]
    [InlineData(64, 32)]
    [InlineData(33, 32)]
    [InlineData(31, 7)]
    [InlineData(2, 32)]
    [InlineData(1, 32)]
    public void Result_is_within_a_step_of_the_exact_one(int from, int to)
    {
        var source = new byte[from * from];
        new Random(from).NextBytes(source);
        var target = new byte[to * to];

        new ImageScaler(from, to).Resize(source, target);

        var exact = Exact(source, from, to);
        for (var i = 0; i < target.Length; i++)
        {
            Assert.InRange(target[i] - exact[i], -1.0, 1.0);
        }
    }

    [Fact]
    public void Flat_images_stay_flat()
    {
        var target = new byte[32 * 32];
        new ImageScaler(28, 32).Resize(Enumerable.Repeat((byte)255, 784).ToArray(), target);
        Assert.All(target, pixel => Assert.Equal(255, pixel));
    }

    [Fact]
    public void Same_size_is_a_copy()
    {
        byte[] source = [1, 2, 3, 4];
        var target = new byte[4];
        new ImageScaler(2, 2).Resize(source, target);
        Assert.Equal(source, target);
    }

    // Written with Pillow 9.4: Image.fromarray(a).resize((5, 5), Image.BILINEAR), a[y, x] = (37 (4 y + x) + 11) mod 256.
    [Fact]
    public void Result_is_that_of_pillow()
    {
        var source = new byte[16];
        for (var i = 0; i < 16; i++)
        {
            source[i] = (byte)((37 * i + 11) % 256);
        }

        var target = new byte[25];
        new ImageScaler(4, 5).Resize(source, target);
        byte[] expected =
        [
            11, 37, 67, 96, 122,
            115, 141, 171, 146, 46,
            105, 131, 161, 152, 88,
            95, 121, 113, 104, 130,
            199, 225, 127, 28, 54,
        ];
        Assert.Equal(expected, target);
    }

    // The formula of the filter, both directions at once and in double precision.
    private static double[] Exact(byte[] source, int from, int to)
    {
        var scale = (double)from / to;
        var support = Math.Max(1, scale);
        var weights = new double[to, from];
        for (var x = 0; x < to; x++)
        {
            var sum = 0.0;
            for (var i = 0; i < from; i++)
            {
                weights[x, i] = Math.Max(0, 1 - Math.Abs(i + 0.5 - (x + 0.5) * scale) / support);
                sum += weights[x, i];
            }

            for (var i = 0; i < from; i++)
            {
                weights[x, i] /= sum;
            }
        }

        var rows = new double[from * to];
        var result = new double[to * to];
        for (var y = 0; y < from; y++)
        {
            for (var x = 0; x < to; x++)
            {
                for (var i = 0; i < from; i++)
                {
                    rows[y * to + x] += weights[x, i] * source[y * from + i];
                }
            }
        }

        for (var y = 0; y < to; y++)
        {
            for (var x = 0; x < to; x++)
            {
                for (var i = 0; i < from; i++)
                {
                    result[y * to + x] += weights[y, i] * rows[i * to + x];
                }
            }
        }

        return result;
    }
}
