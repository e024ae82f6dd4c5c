namespace Crypson.Tests;

/// <summary>The kernels of devices stay inside their views: every row of the table, random numbers and optimizers, as plain C#.</summary>
public sealed class PlainKernelTests
{
    // 0: the kernels of GPUs, 16: those of OpenCL on a CPU.
    public static TheoryData<string, int> Rows => [.. OpCases.All.SelectMany(row => new[] { (row.Name, 0), (row.Name, 16) })];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Value_and_gradient(string name, int width)
    {
        var (device, row) = (new PlainDevice { Width = width }, OpTests.Find(name));
        DeviceOpTests.Check(device, row, row.Operands(row.Shapes), 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    public void Random_numbers_of_every_length(int width)
    {
        var device = new PlainDevice { Width = width };
        for (var count = 0; count < 70; count++)
        {
            var (here, there) = (new Philox(11, 5) { Counter = 3 }, new Philox(11, 5) { Counter = 3 });
            Assert.Equal(Tensor.Uniform([count], here).ToArray(), Tensor.Uniform([count], there, device: device).ToArray());
            Assert.Equal(Tensor.Normal([count], here).ToArray(), Tensor.Normal([count], there, device: device).ToArray());
            Assert.Equal(Tensor.Ones([count]).Dropout(0.4f, here).ToArray(), Tensor.Ones([count], device).Dropout(0.4f, there).ToArray());
            Assert.Equal(here.Counter, there.Counter);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    public void Wide_rows(int width) => DeviceOpTests.CheckWideRows(new PlainDevice { Width = width });

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    public void Two_layers_learn(int width)
    {
        foreach (var adam in (bool[])[true, false])
        {
            var (here, there) = (DeviceOpTests.Train(Device.Cpu, adam), DeviceOpTests.Train(new PlainDevice { Width = width }, adam));
            Assert.All(here.Zip(there), losses => Assert.Equal(losses.First, losses.Second, 1e-4 * losses.First));
        }
    }
}
