using Crypson.Tests.Ops;

namespace Crypson.Tests;

/// <summary>Every row of the table against its double-precision reference: values, shapes and gradients.</summary>
public sealed class OpTests
{
    // Central differences of the double-precision reference are exact to about 1e-10 here.
    private const double Step = 1e-5;

    public static IEnumerable<TheoryDataRow<string, string>> Rows() => OpRows.Of(_ => true);

    public static IEnumerable<TheoryDataRow<string>> Names() => OpCases.All.Select(row => new TheoryDataRow<string>(row.Name));

    [Theory]
    [MemberData(nameof(Rows))]
    public void Value_matches_the_reference(string name, string device)
    {
        var row = Find(name);
        var operands = row.Operands(row.Shapes, DeviceForms.Get(device));
        var want = row.Reference([.. operands.Select(Nd.Of)]);
        var got = row.Run(operands);
        Assert.Equal(want.Shape, got.Shape.ToArray());
        AssertAccepted(row, want, got, "value");
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Gradient_matches_the_reference(string name, string device)
    {
        var row = Find(name);
        var operands = row.Operands(row.Shapes, DeviceForms.Get(device));
        if (row.Constant.Length == operands.Length)
        {
            Assert.False(row.Run(operands).RequiresGrad);
            return;
        }

        var y = row.Run(operands);
        var dy = OpCase.Arriving(y.Shape);
        y.Backward(dy.To(y.Device));
        var (values, arriving) = (operands.Select(Nd.Of).ToArray(), Nd.Of(dy));
        for (var i = 0; i < operands.Length; i++)
        {
            if (row.Constant.Contains(i))
            {
                Assert.Null(operands[i].Grad);
                continue;
            }

            Assert.NotNull(operands[i].Grad);
            Assert.Equal(operands[i].Shape, operands[i].Grad!.Shape);
            AssertAccepted(row, Differences(row, values, i, arriving), operands[i].Grad!, $"gradient of operand {i}");
        }
    }

    public static OpCase Find(string name) => OpCases.All.Single(row => row.Name == name);

    [Fact]
    public void Rows_have_names_of_their_own() => Assert.Equal(OpCases.All.Count, OpCases.All.DistinctBy(row => row.Name).Count());

    private static Nd Differences(OpCase row, Nd[] operands, int which, Nd arriving)
    {
        var operand = operands[which];
        var gradient = Nd.Zeros(operand.Shape);
        for (var i = 0; i < operand.Values.Length; i++)
        {
            var value = operand.Values[i];
            operand.Values[i] = value + Step;
            var above = row.Reference(operands).Values;
            operand.Values[i] = value - Step;
            var below = row.Reference(operands).Values;
            operand.Values[i] = value;
            gradient.Values[i] = Enumerable.Range(0, above.Length).Sum(j => (above[j] - below[j]) * arriving.Values[j]) / (2 * Step);
        }

        return gradient;
    }

    private static void AssertAccepted(OpCase row, Nd want, Tensor result, string what)
    {
        var (got, slack) = (Nd.Of(result), OpRows.Slack(result.Device));
        for (var i = 0; i < want.Values.Length; i++)
        {
            // 1e-9: what the differences are off by.
            if (!row.Accepts(want.Values[i], got.Values[i], slack) && !(Math.Abs(want.Values[i] - got.Values[i]) < 1e-9))
            {
                Assert.Fail($"{row.Name}: {what} at {i}: {got.Values[i]:R} instead of {want.Values[i]:R}, off by {got.Values[i] - want.Values[i]:E2}");
            }
        }
    }
}
