extern alias adapter;

using Crypson.Kernels;
using Crypson.Tests.Ops;
using ILGPU.Runtime;
using IlgpuDevice = adapter::Crypson.IlgpuDevice;
using IlgpuDriver = adapter::Crypson.IlgpuDriver;

namespace Crypson.Tests;

/// <summary>
/// The engine on ILGPU's accelerators against the engine on the CPU. ILGPU's CPU accelerator, which is always there, plays each
/// work-item with a thread: the operands are small.
/// </summary>
public sealed class IlgpuOpTests
{
    static IlgpuOpTests() => IlgpuDriver.Register();

    public static IEnumerable<TheoryDataRow<string>> Devices => DeviceList.Reports.Where(report => report.Name.StartsWith("ilgpu", StringComparison.Ordinal))
        .Select(report => new TheoryDataRow<string>(report.Name) { Skip = report.Device is null ? report.Reason : null });

    public static IEnumerable<TheoryDataRow<string, string>> Rows => TestDevices.With(OpCases.All.Select(row => row.Name), Devices);

    [Theory]
    [MemberData(nameof(Rows))]
    public void Value_and_gradient(string name, string deviceName)
    {
        var row = OpCases.All.Single(row => row.Name == name);
        var operands = row.Operands(row.Shapes);
        Tensor[] there = [.. operands.Select(operand => Moved(operand, DeviceList.Get(deviceName)))];
        var (want, got) = (row.Run(operands), row.Run(there));
        Assert.Equal(deviceName, got.Device.Name);
        Assert.Equal(want.Shape, got.Shape);
        Compare(want, got, row.Magnitude, $"{name}: value");
        if (!want.RequiresGrad)
        {
            return;
        }

        var dy = OpCase.Arriving(want.Shape);
        want.Backward(dy);
        got.Backward(dy.To(got.Device));
        for (var i = 0; i < operands.Length; i++)
        {
            if (operands[i].RequiresGrad)
            {
                Compare(operands[i].Grad!, there[i].Grad!, row.Magnitude, $"{name}: gradient of operand {i}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Products_in_tiles(string deviceName)
    {
        var random = new Philox(1);
        foreach (var (m, k, n) in (ReadOnlySpan<(int, int, int)>)[(40, 30, 50), (20, 70, 17), (24, 32, 36)])
        {
            var (a, b) = (Tensor.Normal([m, k], random), Tensor.Normal([k, n], random));
            var got = a.To(DeviceList.Get(deviceName)).MatMul(b.To(DeviceList.Get(deviceName)));
            Compare(a.MatMul(b), got, Math.Sqrt(k), $"{m} x {k} by {k} x {n}");
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Random_numbers_are_the_cpu_s_bit_for_bit(string deviceName)
    {
        var device = (IlgpuDevice)DeviceList.Get(deviceName);
        Assert.SkipWhen(device.AcceleratorType == AcceleratorType.Cuda, "ILGPU's PTX lets the driver join a product and a sum to one rounding");
        foreach (var count in (int[])[0, 1, 3, 4, 5, 70, 1003])
        {
            var (here, there) = (new Philox(11, 5) { Counter = 3 }, new Philox(11, 5) { Counter = 3 });
            Assert.Equal(Bits(Tensor.Uniform([count], here, -1, 3)), Bits(Tensor.Uniform([count], there, -1, 3, device)));
            Assert.Equal(Bits(Tensor.Normal([count], here, 0.5f, 2)), Bits(Tensor.Normal([count], there, 0.5f, 2, device)));
            Assert.Equal(here.Counter, there.Counter);
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Optimizers_step_as_on_the_cpu(string deviceName)
    {
        foreach (var adam in (bool[])[true, false])
        {
            var (want, got) = (Step(Device.Cpu, adam), Step(DeviceList.Get(deviceName), adam));
            Compare(want, got, 1, adam ? "adam" : "sgd");
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_view_of_other_memory_is_refused(string deviceName)
    {
        using var here = Device.Cpu.Allocate<float>(4);
        var e = Assert.Throws<ArgumentException>(() => FillKernels.LaunchFill(DeviceList.Get(deviceName), 4, here, 1f));
        Assert.Equal($"Fill: view 1 of its arguments is cpu memory, the launch is on {deviceName}", e.Message);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Memory_that_is_not_there_is_an_error_with_sizes(string deviceName) => Assert.StartsWith(
        $"{deviceName}: out of memory allocating {1L << 50} bytes (",
        Assert.Throws<OutOfMemoryException>(() => DeviceList.Get(deviceName).Allocate(1L << 50)).Message);

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_kernel_that_ILGPU_has_not_compiled_is_named(string deviceName)
    {
        var program = new KernelProgram("Strange", "Strange.cs:1", null, null, KernelFeatures.None);
        var e = Assert.Throws<NotSupportedException>(() => DeviceList.Get(deviceName).Launch(program, KernelRange.Over(new Index1D(1)), default(StrangeCall)));
        Assert.Equal($"Strange: Strange.cs:1 is not compiled for device {deviceName}", e.Message);
    }

    private static Tensor Moved(Tensor operand, Device device)
    {
        var moved = Tensor.FromSpan(operand.ToArray(), operand.Shape, device);
        moved.RequiresGrad = operand.RequiresGrad;
        return moved;
    }

    private static Tensor Step(Device device, bool adam)
    {
        var random = new Philox(2);
        var (x, slope) = (Tensor.Normal([70], random, device: device), Tensor.Normal([70], random, device: device));
        var (first, second) = (Tensor.Zeros([70], device), Tensor.Zeros([70], device));
        for (var step = 1; step <= 3; step++)
        {
            if (adam)
            {
                OptimizerKernels.Adam(x, slope, first, second, step, 0.01, 0.5, 0.999, 1e-8, 0, 0.01);
            }
            else
            {
                OptimizerKernels.Sgd(x, slope, first, 0.3, 0.9, 1e-4, nesterov: true);
            }
        }

        return x;
    }

    private static int[] Bits(Tensor tensor) => [.. tensor.ToArray().Select(BitConverter.SingleToInt32Bits)];

    // The tolerance that the other devices have against the CPU.
    private static void Compare(Tensor want, Tensor got, double magnitude, string what)
    {
        var (expected, actual) = (want.ToArray(), got.ToArray());
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 2e-6 * (Math.Abs(expected[i]) + magnitude), $"{what} at {i}: {actual[i]:R} instead of {expected[i]:R}");
        }
    }

    private struct StrangeCall : IKernelCall
    {
        public readonly void Execute(Index3D index)
        {
        }

        public readonly void Write(KernelArguments arguments) => arguments.Add(1);
    }
}
