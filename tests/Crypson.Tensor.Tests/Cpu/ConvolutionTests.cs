using Crypson.Cpu;

namespace Crypson.Tests.Cpu;

public sealed unsafe class ConvolutionTests
{
    public static TheoryData<string> Cases()
    {
        var data = new TheoryData<string>();
        foreach (var spec in ConvolutionCases.All())
        {
            data.Add(spec);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_matches_the_direct_sum(string spec)
    {
        var s = ConvolutionCases.Parse(spec);
        var (x, weight, _) = ConvolutionCases.Operands(s);
        var bias = Numbers.Random(4, s.OutChannels);
        var (sums, magnitudes) = ConvolutionCases.Forward(s, x, weight);
        for (var withBias = 0; withBias < 2; withBias++)
        {
            var y = ConvolutionCases.Garbage(sums.Length);
            fixed (float* px = x, pw = weight, pb = bias, py = y)
            {
                Convolution.Forward(s, px, pw, withBias == 1 ? pb : null, py);
            }

            Compare(sums, magnitudes, withBias == 1 ? bias : null, s.OutPositions, y);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Data_gradient_matches_the_direct_sum(string spec)
    {
        var s = ConvolutionCases.Parse(spec);
        var (_, weight, dy) = ConvolutionCases.Operands(s);
        var bias = Numbers.Random(4, s.InChannels);
        var (sums, magnitudes) = ConvolutionCases.BackwardData(s, dy, weight);
        for (var withBias = 0; withBias < 2; withBias++)
        {
            var dx = ConvolutionCases.Garbage(sums.Length);
            fixed (float* pdy = dy, pw = weight, pb = bias, pdx = dx)
            {
                Convolution.BackwardData(s, pdy, pw, withBias == 1 ? pb : null, pdx);
            }

            Compare(sums, magnitudes, withBias == 1 ? bias : null, s.InHeight * s.InWidth, dx);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Weight_gradient_matches_the_direct_sum(string spec)
    {
        var s = ConvolutionCases.Parse(spec);
        var (x, _, dy) = ConvolutionCases.Operands(s);
        var (sums, magnitudes) = ConvolutionCases.BackwardWeight(s, x, dy);
        var dWeight = ConvolutionCases.Garbage(sums.Length);
        fixed (float* px = x, pdy = dy, pdw = dWeight)
        {
            Convolution.BackwardWeight(s, px, pdy, pdw);
        }

        Compare(sums, magnitudes, null, 1, dWeight);
    }

    [Fact]
    public void What_is_not_finite_stays_in_its_own_patch()
    {
        // One NaN in the corner of one image: only the outputs whose kernel covers it may be NaN.
        var s = ConvolutionCases.Parse("b2 3x8x8 -> 7 k3 s1 p1");
        var (x, weight, _) = ConvolutionCases.Operands(s);
        x[0] = float.NaN;
        var y = new float[2 * 7 * 64];
        fixed (float* px = x, pw = weight, py = y)
        {
            Convolution.Forward(s, px, pw, null, py);
        }

        for (var i = 0; i < y.Length; i++)
        {
            var position = i % 64;
            var covered = i < 7 * 64 && position / 8 <= 1 && position % 8 <= 1;
            Assert.Equal(covered, float.IsNaN(y[i]));
        }
    }

    private static void Compare(double[] sums, double[] magnitudes, float[]? bias, int plane, float[] actual)
    {
        for (var i = 0; i < sums.Length; i++)
        {
            var shift = bias is null ? 0 : bias[i / plane % bias.Length];
            Numbers.AssertClose(sums[i] + shift, magnitudes[i] + Math.Abs(shift), actual[i], $"element {i}");
        }
    }
}
