using Crypson.Kernels;
using Candidate = Crypson.Cli.DeviceChoice.Candidate;

namespace Crypson.Cli.Tests;

/// <summary>What <c>--device</c> chooses on machines that are not this one.</summary>
public sealed class DeviceChoiceTests
{
    private static readonly Candidate Cuda = Found("cuda:0", DeviceKind.Gpu);
    private static readonly Candidate OtherCuda = Found("cuda:1", DeviceKind.Gpu);
    private static readonly Candidate NoCuda = Absent("cuda", "no driver");
    private static readonly Candidate OpenClOnCpu = Found("opencl:0", DeviceKind.Cpu);
    private static readonly Candidate OpenClOnGpu = Found("opencl:1", DeviceKind.Gpu);
    private static readonly Candidate NoOpenCl = Absent("opencl", "no library");

    [Fact]
    public void The_automatic_choice_is_cuda_then_a_gpu_of_opencl_then_the_cpu()
    {
        Assert.Equal(("cuda:0", "auto, CUDA works"), Automatically(OpenClOnCpu, OpenClOnGpu, Cuda, OtherCuda));
        Assert.Equal(("opencl:1", "auto, OpenCL has a GPU, cuda is not available, opencl:0 is not a GPU"), Automatically(OpenClOnCpu, OpenClOnGpu, NoCuda));
        Assert.Equal(("cpu", "auto, cuda is not available, opencl:0 is not a GPU"), Automatically(OpenClOnCpu, NoCuda));
        Assert.Equal(("cpu", "auto, cuda is not available, opencl is not available"), Automatically(NoOpenCl, NoCuda));
    }

    [Fact]
    public void A_gpu_whose_kernels_fail_is_not_chosen()
    {
        var broken = Found("cuda:0", DeviceKind.Gpu, new FaultyDevice("no compiler"));
        Assert.Equal(("cuda:1", "auto, CUDA works"), Automatically(OpenClOnGpu, broken, OtherCuda));
        Assert.Equal(("opencl:1", "auto, OpenCL has a GPU, cuda:0 cannot run kernels"), Automatically(OpenClOnGpu, broken));
        Assert.Equal(
            ("cpu", "auto, cuda:0 cannot run kernels, opencl:1 cannot run kernels"),
            Automatically(Found("opencl:1", DeviceKind.Gpu, new FaultyDevice(null)), broken));
    }

    [Fact]
    public void Kernels_are_tried_and_their_result_is_looked_at()
    {
        Assert.Null(KernelTrial.Fault(new PlainDevice()));
        Assert.Null(KernelTrial.Fault(Device.Cpu));
        Assert.Equal("no compiler", KernelTrial.Fault(new FaultyDevice("no compiler")));
        Assert.Equal("1 + 1 came out as 2, 2, 2, 2, 0", KernelTrial.Fault(new FaultyDevice(null)));
    }

    [Theory]
    [InlineData("cpu", "cpu")]
    [InlineData("cuda", "cuda:0")]
    [InlineData("cuda:1", "cuda:1")]
    [InlineData("opencl", "opencl:0")]
    [InlineData("opencl:1", "opencl:1")]
    public void A_name_without_a_number_is_the_first_one(string name, string chosen) =>
        Assert.Equal(chosen, DeviceChoice.Find(name, [Candidate.Cpu, OpenClOnCpu, OpenClOnGpu, Cuda, OtherCuda]).Name);

    [Fact]
    public void A_device_that_does_not_open_is_passed_over_when_only_the_driver_is_named()
    {
        var closed = Absent("opencl:0", "busy");
        Assert.Equal("opencl:1", DeviceChoice.Find("opencl", [Candidate.Cpu, closed, OpenClOnGpu]).Name);
        Assert.Equal(
            "--device: opencl:0 is not available: busy\n  hint: the devices are cpu, opencl:1; see 'crypson devices'",
            Assert.Throws<NotSupportedException>(() => DeviceChoice.Find("opencl:0", [Candidate.Cpu, closed, OpenClOnGpu])).Message);
    }

    [Fact]
    public void A_device_that_is_not_there_is_refused_with_the_reason()
    {
        Assert.Equal(
            "--device: cuda:2 is not available: there is no other than cuda:0, cuda:1\n  hint: the devices are cpu, cuda:0, cuda:1; see 'crypson devices'",
            Assert.Throws<NotSupportedException>(() => DeviceChoice.Find("cuda:2", [Candidate.Cpu, NoOpenCl, Cuda, OtherCuda])).Message);
        foreach (var name in (string[])["opencl", "opencl:0", "opencl:3"])
        {
            Assert.Equal(
                $"--device: {name} is not available: no library\n  hint: the devices are cpu, cuda:0; see 'crypson devices'",
                Assert.Throws<NotSupportedException>(() => DeviceChoice.Find(name, [Candidate.Cpu, NoOpenCl, Cuda])).Message);
        }
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("")]
    [InlineData("CPU")]
    [InlineData("cpu:0")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:0:0")]
    [InlineData("opencl:99999999999")]
    public void A_name_that_no_device_can_have_is_wrong_usage_with_the_devices(string name) => Assert.Equal(
        $"--device: there is no device '{name}'\n  hint: the devices are cpu, opencl:0; see 'crypson devices'",
        Assert.Throws<UsageException>(() => DeviceChoice.Find(name, [Candidate.Cpu, OpenClOnCpu, NoCuda])).Message);

    /// <summary>A context on a GPU takes some hundred megabytes of it: --device opencl made one on each GPU of CUDA.</summary>
    [Fact]
    public void Only_the_device_that_is_asked_for_is_opened()
    {
        var closed = Closed("cuda:0");
        Assert.Equal("opencl:0", DeviceChoice.Find("opencl", [Candidate.Cpu, OpenClOnCpu, Closed("opencl:1"), closed]).Name);
        Assert.Equal("cuda:1", DeviceChoice.Find("cuda:1", [Candidate.Cpu, Closed("opencl:0"), closed, OtherCuda]).Name);
        Assert.Equal(("cuda:0", "auto, CUDA works"), Automatically(Closed("opencl:0"), Cuda, Closed("cuda:1")));
        Assert.Throws<InvalidOperationException>(() => closed.Device);

        static Candidate Closed(string name) => new(name, () => throw new InvalidOperationException($"{name} was opened"));
    }

    private static Candidate Found(string name, DeviceKind kind, Device? device = null) => new(name, () => (kind, null, device ?? new PlainDevice()));

    private static Candidate Absent(string name, string reason) => new(name, () => (DeviceKind.Accelerator, reason, null));

    private static (string Name, string Reason) Automatically(params Candidate[] others)
    {
        var (candidate, reason) = DeviceChoice.Automatically([Candidate.Cpu, .. others]);
        return (candidate.Name, reason);
    }

    /// <summary>A device that builds no kernel, or whose last number is lost.</summary>
    private sealed class FaultyDevice(string? refusal) : PlainDevice
    {
        internal override void Start<TCall>(KernelProgram program, KernelRange range, in TCall call)
        {
            if (refusal is not null)
            {
                throw new DriverException(refusal);
            }

            base.Start(program, range, call);
        }

        internal override void Read<T>(Storage source, Span<T> destination)
        {
            base.Read(source, destination);
            destination[^1] = default;
        }
    }
}
