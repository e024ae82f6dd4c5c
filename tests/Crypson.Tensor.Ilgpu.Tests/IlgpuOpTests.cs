using Crypson.Tests.Ops;

namespace Crypson.Tests;

/// <summary>Rows of the table on ILGPU's CPU accelerator, in their small shapes: it plays each work-item with a thread.</summary>
public sealed class IlgpuOpTests
{
    private static readonly string[] Others =
        ["add", "subtract", "multiply", "divide", "maximum", "minimum", "sum", "mean", "softmax", "log", "matmul", "linear", "bce", "kl", "broadcast", "reshape", "flatten", "transpose", "permute"];

    public static IEnumerable<TheoryDataRow<string>> Rows =>
        OpCases.All.Where(row => row.Unary is not null || row.Binary is not null || Others.Contains(row.Name.Split(' ')[0]))
            .Select(row => new TheoryDataRow<string>(row.Name));

    private static Device Accelerator
    {
        get
        {
            IlgpuDriver.Register();
            return DeviceList.All.Last(device => device is IlgpuDevice);
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Value_and_gradient(string name)
    {
        var row = OpCases.All.Single(row => row.Name == name);
        var operands = row.Operands(row.Shapes);
        Tensor[] there = [.. operands.Select(operand => Tensor.FromSpan(operand.ToArray(), operand.Shape, Accelerator))];
        foreach (var (tensor, operand) in there.Zip(operands))
        {
            tensor.RequiresGrad = operand.RequiresGrad;
        }

        var (want, got) = (row.Run(operands), row.Run(there));
        Assert.Same(Accelerator, got.Device);
        Assert.Equal(want.Shape, got.Shape);
        Compare(row, want, got, "value");
        var dy = OpCase.Arriving(want.Shape);
        want.Backward(dy);
        got.Backward(dy.To(Accelerator));
        foreach (var (tensor, operand) in there.Zip(operands).Where(pair => pair.Second.RequiresGrad))
        {
            Compare(row, operand.Grad!, tensor.Grad!, "gradient");
        }
    }

    [Fact]
    public void Random_numbers_are_the_cpu_s_bit_for_bit()
    {
        foreach (var count in (int[])[0, 1, 3, 4, 5, 70, 1003])
        {
            var (here, there) = (new Philox(11, 5) { Counter = 3 }, new Philox(11, 5) { Counter = 3 });
            Assert.Equal(Bits(Tensor.Uniform([count], here, -1, 3)), Bits(Tensor.Uniform([count], there, -1, 3, Accelerator)));
            Assert.Equal(Bits(Tensor.Normal([count], here, 0.5f, 2)), Bits(Tensor.Normal([count], there, 0.5f, 2, Accelerator)));
            Assert.Equal(here.Counter, there.Counter);
        }
    }

    private static int[] Bits(Tensor tensor) => [.. tensor.ToArray().Select(BitConverter.SingleToInt32Bits)];

    private static void Compare(OpCase row, Tensor want, Tensor got, string what)
    {
        var (expected, actual) = (want.ToArray(), got.ToArray());
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 2e-6 * (Math.Abs(expected[i]) + row.Magnitude),
                $"{row.Name}: {what} at {i}: {actual[i]:R} instead of {expected[i]:R}");
        }
    }
}
