using Crypson.Tests.Ops;

namespace Crypson.Tests;

/// <summary>Every row of the table on each device besides the CPU, against the CPU, on small and on big operands.</summary>
public sealed class DeviceOpTests
{
    /// <summary>A row per operation and device; where a driver has none, one row that is skipped with the reason.</summary>
    public static IEnumerable<TheoryDataRow<string, string>> Rows => OpRows.Of(_ => true, withCpu: false);

    public static IEnumerable<TheoryDataRow<string>> Devices => DeviceForms.Others;

    [Theory]
    [MemberData(nameof(Rows))]
    public void Value_and_gradient(string name, string deviceName)
    {
        var device = DeviceForms.Get(deviceName);
        var row = OpTests.Find(name);
        Check(device, row, row.Operands(row.Shapes), 1);

        // Sums of thousands of terms are rounded on both sides, in another order: the error grows with the root of their
        // number (64,000 in the gradient of "divide by channel"), of which an eighth is seen.
        var isElementwise = row.Unary is not null || row.Binary is not null;
        var operands = row.Operands(row.Big);
        var terms = operands.Max(operand => operand.Count) / Math.Max(1, operands.Min(operand => operand.Count));
        Check(device, row, operands, isElementwise ? 1 : Math.Max(8, Math.Sqrt(terms) / 8));
    }

    internal static void Check(Device device, OpCase row, Tensor[] operands, double growth)
    {
        Tensor[] there = [.. operands.Select(operand => Tensor.FromSpan(operand.ToArray(), operand.Shape, device))];
        foreach (var (tensor, operand) in there.Zip(operands))
        {
            tensor.RequiresGrad = operand.RequiresGrad;
        }

        var before = device.Launches;
        var (want, got) = (row.Run(operands), row.Run(there));
        var isNothing = want.Count == 0 || operands.Any(operand => operand.Count == 0);
        Assert.True(device.Launches > before || IsView(got, there) || isNothing, $"{row.Name}: no kernel ran on {device}");
        Assert.Same(device, got.Device);
        Assert.Equal(want.Shape, got.Shape);
        Compare(row, want, got, growth, "value");

        var dy = OpCase.Arriving(want.Shape);
        want.Backward(dy);
        var arriving = dy.To(device);
        before = device.Launches;
        got.Backward(arriving);
        Assert.True(device.Launches > before || isNothing, $"{row.Name}: no kernel ran on {device} for the gradients");
        for (var i = 0; i < operands.Length; i++)
        {
            if (operands[i].RequiresGrad)
            {
                Compare(row, operands[i].Grad!, there[i].Grad!, growth, $"gradient of operand {i}");
            }
        }
    }

    private static bool IsView(Tensor result, Tensor[] operands) => operands.Any(operand => operand.Storage == result.Storage);

    /// <summary>No operation computes with operands of two devices, and none moves one by itself.</summary>
    [Theory]
    [MemberData(nameof(Rows))]
    public void Operands_of_two_devices_are_refused(string name, string deviceName)
    {
        var (row, device) = (OpTests.Find(name), DeviceForms.Get(deviceName));
        var operands = row.Operands(row.Shapes);
        Assert.SkipWhen(operands.Length == 1, "one operand");
        for (var moved = 0; moved < operands.Length; moved++)
        {
            Tensor[] mixed = [.. operands];
            mixed[moved] = operands[moved].To(device);
            var message = Assert.Throws<ArgumentException>(() => row.Run(mixed)).Message;
            Assert.Contains("cpu", message);
            Assert.Contains(device.Name, message);
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Tensors_move_with_their_gradient_and_indices_with_their_shape(string deviceName)
    {
        var device = DeviceForms.Get(deviceName);
        var x = Tensor.FromSpan([1f, 2f, 3f]);
        x.RequiresGrad = true;
        var there = x.To(device);
        Assert.Same(device, there.Device);
        (there * there).Backward(Tensor.Ones([3], device));
        Assert.Same(Device.Cpu, x.Grad!.Device);
        Assert.Equal([2f, 4f, 6f], x.Grad.ToArray());

        var indices = IndexTensor.FromSpan([5, 0, 3, 1, 4, 2], [3, 2]);
        var moved = indices.To(device);
        Assert.Same(device, moved.Device);
        Assert.Equal(indices.Shape, moved.Shape);
        Assert.Equal(indices.ToArray(), moved.ToArray());
        Assert.Same(moved, moved.To(device));
        Assert.Same(Device.Cpu, moved.To(Device.Cpu).Device);
    }

    /// <summary>Rows longer than the longest piece that a work-item takes.</summary>
    [Theory]
    [MemberData(nameof(Devices))]
    public void Wide_rows_are_looked_up_and_their_gradients_added(string deviceName) => CheckWideRows(DeviceForms.Get(deviceName));

    internal static void CheckWideRows(Device device)
    {
        const int Width = 9001;
        var (table, dy) = (Tensor.Normal([3, Width], new Philox(1)), Tensor.Normal([4, Width], new Philox(2)));
        var (here, there) = (table.Detach(), table.To(device).Detach());
        (here.RequiresGrad, there.RequiresGrad) = (true, true);
        int[] chosen = [2, 0, 2, 1];
        var (want, got) = (here.Embedding(IndexTensor.FromSpan(chosen)), there.Embedding(IndexTensor.FromSpan(chosen, device)));
        Assert.Equal(want.ToArray(), got.ToArray());
        want.Backward(dy);
        got.Backward(dy.To(device));
        Assert.Equal(here.Grad!.ToArray(), there.Grad!.ToArray());
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_gradient_on_another_device_is_refused(string deviceName)
    {
        var device = DeviceForms.Get(deviceName);
        var x = Tensor.FromSpan([1f, 2f], device);
        x.RequiresGrad = true;
        var y = x * x;
        var message = Assert.Throws<ArgumentException>(() => y.Backward(Tensor.Ones([2]))).Message;
        Assert.Equal($"backward: the gradient is on cpu, the tensor on {device}; move it with To(device)", message);
        y.Backward(Tensor.Ones([2], device));
        Assert.Equal([2f, 4f], x.Grad!.ToArray());
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Random_numbers_are_the_cpu_s_bit_for_bit(string deviceName)
    {
        var device = DeviceForms.Get(deviceName);
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
        var device = DeviceForms.Get(deviceName);
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

    /// <summary>Two layers, learning by Adam or SGD: the losses of 20 steps are those of the CPU.</summary>
    [Theory]
    [MemberData(nameof(Devices))]
    public void Two_layers_learn_as_on_the_cpu(string deviceName)
    {
        foreach (var adam in (bool[])[true, false])
        {
            var (here, there) = (Train(Device.Cpu, adam), Train(DeviceForms.Get(deviceName), adam));
            Assert.True(here[^1] < 0.9 * here[0]);
            for (var i = 0; i < here.Length; i++)
            {
                Assert.True(Math.Abs(here[i] - there[i]) <= 1e-4 * here[i], $"step {i}: {there[i]} instead of {here[i]}");
            }
        }
    }

    internal static float[] Train(Device device, bool adam)
    {
        var random = new Philox(3);
        var (x, target) = (Tensor.Normal([64, 20], random, device: device), Tensor.Uniform([64, 5], random, device: device));
        Tensor[] parameters = [Parameter([30, 20]), Parameter([30]), Parameter([5, 30]), Parameter([5])];
        Tensor[] first = [.. parameters.Select(parameter => Tensor.Zeros(parameter.Shape, device).Persist())];
        Tensor[] second = [.. parameters.Select(parameter => Tensor.Zeros(parameter.Shape, device).Persist())];
        var losses = new float[20];
        for (var step = 0; step < losses.Length; step++)
        {
            using var scope = new TensorScope();
            foreach (var parameter in parameters)
            {
                parameter.ZeroGrad();
            }

            var loss = x.Linear(parameters[0], parameters[1]).Tanh().Linear(parameters[2], parameters[3]).BinaryCrossEntropyWithLogits(target);
            losses[step] = loss.ToArray()[0];
            loss.Backward();
            using var noGrad = Tensor.NoGrad();
            for (var i = 0; i < parameters.Length; i++)
            {
                if (adam)
                {
                    OptimizerKernels.Adam(parameters[i], parameters[i].Grad!, first[i], second[i], step + 1, 0.01, 0.5, 0.999, 1e-8, 0, 0.01);
                }
                else
                {
                    OptimizerKernels.Sgd(parameters[i], parameters[i].Grad!, first[i], 0.3, 0.9, 1e-4, nesterov: true);
                }
            }
        }

        return losses;

        Tensor Parameter(Shape shape)
        {
            var parameter = Tensor.Normal(shape, random, 0, 0.3f, device);
            parameter.RequiresGrad = true;
            return parameter;
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void More_axes_than_a_kernel_steps_over_are_refused_by_name(string deviceName)
    {
        var x = Tensor.Ones([2, 3, 2, 3, 2], DeviceForms.Get(deviceName));
        Assert.Contains("permute: kernels of devices step over at most 4 axes", Assert.Throws<NotSupportedException>(() => x.Permute([4, 3, 2, 1, 0])).Message);
        var row = Tensor.Ones([1, 3, 1, 3, 1], x.Device);
        Assert.Contains("multiply: kernels of devices step over at most 4 axes", Assert.Throws<NotSupportedException>(() => x * row).Message);

        // Axes that stay together are one.
        var values = Tensor.Arange(72).Reshape([2, 3, 2, 3, 2]);
        Assert.Equal(values.Permute([2, 3, 4, 0, 1]).ToArray(), values.To(x.Device).Permute([2, 3, 4, 0, 1]).ToArray());
    }

    private static int[] Bits(Tensor tensor) => [.. tensor.ToArray().Select(BitConverter.SingleToInt32Bits)];

    // Functions of OpenCL may be off by 4 units in the last place (exp, tanh by way of it), powers by 16: 2e-6 relative.
    private static void Compare(OpCase row, Tensor want, Tensor got, double growth, string what)
    {
        var (expected, actual) = (want.ToArray(), got.ToArray());
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 2e-6 * (Math.Abs(expected[i]) + growth * row.Magnitude),
                $"{row.Name}: {what} at {i}: {actual[i]:R} instead of {expected[i]:R}");
        }
    }
}
