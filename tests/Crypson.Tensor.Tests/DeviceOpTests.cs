using Crypson.Tests.Ops;

namespace Crypson.Tests;

/// <summary>Rows of the table on each device besides the CPU: so far the element-wise ones. The CPU's are <see cref="OpTests"/>.</summary>
public sealed class DeviceOpTests
{
    private static readonly string[] Broadcasts =
        ["add row", "subtract column", "multiply both", "divide by channel", "divide scalar", "maximum scalar", "minimum middle"];

    /// <summary>A row per operation and device; where a driver has none, one row that is skipped with the reason.</summary>
    public static IEnumerable<TheoryDataRow<string, string>> Rows => DeviceList.Reports.Where(report => report.Name != "cpu").SelectMany(report =>
        report.Device is null
            ? [new TheoryDataRow<string, string>("all", report.Name) { Skip = $"{report.Name} is not available: {report.Reason}" }]
            : OpCases.All.Where(row => row.Unary is not null || row.Binary is not null || Broadcasts.Contains(row.Name))
                .Select(row => new TheoryDataRow<string, string>(row.Name, report.Name)));

    public static IEnumerable<TheoryDataRow<string>> Devices => DeviceList.Reports.Where(report => report.Name != "cpu").Select(report =>
        new TheoryDataRow<string>(report.Name) { Skip = report.Device is null ? $"{report.Name} is not available: {report.Reason}" : null });

    [Theory]
    [MemberData(nameof(Rows))]
    public void Value_and_gradient(string name, string deviceName)
    {
        var device = DeviceList.Get(deviceName);
        var row = OpTests.Find(name);
        var shapes = row.Unary is null && row.Binary is null ? row.Shapes : row.Big;
        var operands = row.Operands(shapes);
        Tensor[] there = [.. operands.Select(operand => Tensor.FromSpan(operand.ToArray(), operand.Shape, device))];
        foreach (var (tensor, operand) in there.Zip(operands))
        {
            tensor.RequiresGrad = operand.RequiresGrad;
        }

        var (want, got) = (row.Run(operands), row.Run(there));
        Assert.Same(device, got.Device);
        Assert.Equal(want.Shape, got.Shape);
        Compare(row, want, got, "value");

        // Gradients of broadcasts end in a sum, which has no kernel for devices yet: that is an error with a name.
        var dy = OpCase.Arriving(want.Shape);
        if (row.Unary is null && row.Binary is null)
        {
            Assert.Contains($"there is no kernel for device {deviceName}", Assert.Throws<NotSupportedException>(() => got.Backward(dy.To(device))).Message);
            return;
        }

        want.Backward(dy);
        got.Backward(dy.To(device));
        for (var i = 0; i < operands.Length; i++)
        {
            Compare(row, operands[i].Grad!, there[i].Grad!, $"gradient of operand {i}");
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Random_numbers_are_the_cpu_s_bit_for_bit(string deviceName)
    {
        var device = DeviceList.Get(deviceName);
        foreach (var count in (int[])[0, 1, 3, 4, 5, 70, 100_003])
        {
            var (here, there) = (new Philox(11, 5) { Counter = 3 }, new Philox(11, 5) { Counter = 3 });
            Assert.Equal(Bits(Tensor.Uniform([count], here, -1, 3)), Bits(Tensor.Uniform([count], there, -1, 3, device)));
            Assert.Equal(Bits(Tensor.Normal([count], here, 0.5f, 2)), Bits(Tensor.Normal([count], there, 0.5f, 2, device)));
            Assert.Equal(here.Counter, there.Counter);
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Gradients_that_meet_are_added_on_the_device(string deviceName)
    {
        var device = DeviceList.Get(deviceName);
        var x = Tensor.FromSpan([1f, 2f, 3f], device);
        x.RequiresGrad = true;
        for (var i = 0; i < 2; i++)
        {
            var y = x * x + x;
            y.Backward(Tensor.Ones([3], device));
        }

        Assert.Equal([6f, 10f, 14f], x.Grad!.ToArray());
        x.Grad.ScaleInPlace(0.5f);
        Assert.Equal([3f, 5f, 7f], x.Grad.Clone().ToArray());
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void An_operation_without_a_kernel_throws_and_is_named(string deviceName)
    {
        var x = Tensor.Ones([2, 2], DeviceList.Get(deviceName));
        Assert.Contains(deviceName, Assert.Throws<NotSupportedException>(() => x.MatMul(x)).Message);
        Assert.Contains(deviceName, Assert.Throws<NotSupportedException>(() => x.Sum()).Message);
        Assert.Contains(deviceName, Assert.Throws<NotSupportedException>(() => x.Softmax()).Message);
        Assert.Contains(deviceName, Assert.Throws<NotSupportedException>(() => x.Transpose()).Message);
    }

    private static int[] Bits(Tensor tensor) => [.. tensor.ToArray().Select(BitConverter.SingleToInt32Bits)];

    // Functions of OpenCL may be off by 4 units in the last place (exp, tanh by way of it), powers by 16: 2e-6 relative.
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
