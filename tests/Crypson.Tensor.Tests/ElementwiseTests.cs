using Crypson.Tests.Ops;

namespace Crypson.Tests;

/// <summary>The element-wise rows of the table, on each device, at every length up to 70 and at the ends of float32's range.</summary>
public sealed class ElementwiseTests
{
    private static readonly float[] Extremes =
    [
        0f, -0f, float.Epsilon, -float.Epsilon, 1e-40f, -1e-40f, 1.17549435e-38f, 1e-30f, -1e-30f, 1f, -1f, 88.7f, -87.3f, -103f, 104f, -150f, 1e4f, -1e5f,
        1e30f, -1e30f, float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN,
    ];

    public static IEnumerable<TheoryDataRow<string, string>> UnaryRows() => OpRows.Of(row => row.Unary is not null);

    public static IEnumerable<TheoryDataRow<string, string>> BinaryRows() => OpRows.Of(row => row.Binary is not null);

    public static IEnumerable<TheoryDataRow<string, string>> AllRows() => OpRows.Of(row => row.Unary is not null || row.Binary is not null);

    // Whole vectors and what is left over take different paths; both must give the same elements.
    [Theory]
    [MemberData(nameof(AllRows))]
    public void Every_length_gives_the_elements_of_the_longest(string name, string device)
    {
        var (row, place) = (OpTests.Find(name), DeviceForms.Get(device));
        var longest = row.Operands([.. row.Shapes.Select(_ => new[] { 70 })], place);
        var (values, gradients) = Compute(row, longest);
        for (var length = 0; length < 70; length++)
        {
            var (shorter, shorterGradients) = Compute(row, [.. longest.Select(operand => Leaf(operand.ToArray()[..length], place))]);
            Assert.Equal(values[..length], shorter);
            for (var i = 0; i < gradients.Length; i++)
            {
                Assert.Equal(gradients[i][..length], shorterGradients[i]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(UnaryRows))]
    public void Extreme_values_are_those_of_the_function(string name, string device)
    {
        var (row, place) = (OpTests.Find(name), DeviceForms.Get(device));
        var got = row.Run([Leaf(Extremes, place)]).ToArray();
        for (var i = 0; i < got.Length; i++)
        {
            AssertSame(row, place, $"f({Extremes[i]:R})", row.Unary!(Extremes[i]), got[i]);
        }
    }

    [Theory]
    [MemberData(nameof(BinaryRows))]
    public void Extreme_pairs_are_those_of_the_function(string name, string device)
    {
        var (row, place) = (OpTests.Find(name), DeviceForms.Get(device));
        var pairs = (from a in Extremes from b in Extremes select (a, b)).ToArray();
        var got = row.Run([Leaf([.. pairs.Select(pair => pair.a)], place), Leaf([.. pairs.Select(pair => pair.b)], place)]).ToArray();
        for (var i = 0; i < got.Length; i++)
        {
            AssertSame(row, place, $"f({pairs[i].a:R}, {pairs[i].b:R})", row.Binary!(pairs[i].a, pairs[i].b), got[i]);
        }
    }

    [Theory]
    [MemberData(nameof(UnaryRows))]
    public void Gradients_stay_finite_where_the_derivative_is(string name, string device)
    {
        var (row, place) = (OpTests.Find(name), DeviceForms.Get(device));
        var x = Leaf(Extremes, place);
        row.Run([x]).Backward(Tensor.Ones([Extremes.Length], place));
        var gradient = x.Grad!.ToArray();
        for (var i = 0; i < Extremes.Length; i++)
        {
            var at = (double)Extremes[i];
            if (!double.IsFinite(at) || Math.Abs(at) > 1e6 || !(Math.Abs(row.Unary!(at)) < 1e15))
            {
                continue;
            }

            var step = 1e-7 * Math.Max(Math.Abs(at), 1e-3);
            var slope = (row.Unary(at + step) - row.Unary(at - step)) / (2 * step);
            if (Math.Abs(slope) < 1e30)
            {
                Assert.True(float.IsFinite(gradient[i]), $"{name}: the gradient at {at:R} is {gradient[i]}, near {slope:E3}");
            }
        }
    }

    private static Tensor Leaf(float[] values, Device device)
    {
        var tensor = Tensor.FromSpan(values, device);
        tensor.RequiresGrad = true;
        return tensor;
    }

    private static (float[] Values, float[][] Gradients) Compute(OpCase row, Tensor[] operands)
    {
        var y = row.Run(operands);
        if (y.RequiresGrad)
        {
            y.Backward(Tensor.Ones(y.Shape, y.Device));
        }

        return (y.ToArray(), [.. operands.Where(operand => operand.Grad is not null).Select(operand => operand.Grad!.ToArray())]);
    }

    private static void AssertSame(OpCase row, Device device, string what, double want, float got)
    {
        // Below the smallest normal number a kernel may lose digits or flush to 0; above the largest it overflows.
        var single = (float)want;
        var same = float.IsNaN(single)
            ? float.IsNaN(got)
            : single == got || row.Accepts(want, got, OpRows.Slack(device)) || Math.Abs(want - got) <= 1.17549435e-38
                || (Math.Abs(want) > 3.4028e38 && Math.Sign(want) == Math.Sign(got) && Math.Abs(got) > 3.4028e38f);
        Assert.True(same, $"{row.Name}: {what} is {got:R} instead of {want:R}");
    }
}
