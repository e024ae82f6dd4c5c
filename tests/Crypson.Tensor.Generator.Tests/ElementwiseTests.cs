using System.Numerics;

namespace Crypson.Tests;

/// <summary>Functions of elements that the generator writes for vectors give, lane by lane, what they give for one float.</summary>
public sealed class ElementwiseTests
{
    private static readonly float[] Numbers =
        [0f, -0f, 1f, -1f, 0.5f, 2.5f, -2.5f, 3f, 1e-40f, 1e30f, -1e30f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, 7f];

    [Fact]
    public void Every_lane_is_the_scalar_function()
    {
        var op = new ElementwiseSample(2f, 0f);
        var other = new ElementwiseSample(2f, 1f);
        foreach (var x in Numbers)
        {
            foreach (var y in Numbers)
            {
                Same(op.Choose(x, y), op.Choose(new Vector<float>(x), new Vector<float>(y)), $"choose {x} {y}");
                Same(op.Affine(x), op.Affine(new Vector<float>(x)), $"affine {x}");
                Same(other.Affine(x), other.Affine(new Vector<float>(x)), $"affine with offset {x}");
                Same(ElementwiseSample.Limits(x, y), ElementwiseSample.Limits(new Vector<float>(x), new Vector<float>(y)), $"limits {x} {y}");
            }
        }
    }

    private static void Same(float want, Vector<float> got, string what)
    {
        for (var lane = 0; lane < Vector<float>.Count; lane++)
        {
            Assert.True(BitConverter.SingleToInt32Bits(want) == BitConverter.SingleToInt32Bits(got[lane]) || (float.IsNaN(want) && float.IsNaN(got[lane])),
                $"{what}: {got[lane]:R} instead of {want:R}");
        }
    }
}
