using System.Runtime.InteropServices;
using Crypson.Tests.Kernels;

namespace Crypson.Tests;

/// <summary>The drivers' own duties: memory, copies, errors.</summary>
public sealed class DeviceTests
{
    [Fact]
    public void An_absent_driver_is_reported_with_the_reason()
    {
        var openCl = Assert.Single(OpenClDriver.Find(["libNoSuchOpenCL.so"]));
        Assert.Null(openCl.Device);
        Assert.Equal("opencl: not available: no OpenCL library (libNoSuchOpenCL.so); install a driver, or PoCL for the CPU", openCl.ToString());
        var cuda = Assert.Single(CudaDriver.Find(["libnosuchcuda.so"], []));
        Assert.Equal("cuda: not available: no CUDA driver (libnosuchcuda.so); for an NVIDIA GPU install NVIDIA's driver", cuda.ToString());

        // A library that is there but is not the driver.
        Assert.Contains("has no function clGetPlatformIDs", Assert.Single(OpenClDriver.Find([OperatingSystem.IsWindows() ? "kernel32.dll" : "libc.so.6"])).Reason);
        Assert.Contains("has no function cuInit", Assert.Single(CudaDriver.Find([OperatingSystem.IsWindows() ? "kernel32.dll" : "libc.so.6"], [])).Reason);
    }

    /// <summary>A context on a GPU takes some hundred megabytes of it: asking for opencl:0 made one on each GPU of CUDA.</summary>
    [Fact]
    public void A_device_is_opened_when_it_is_asked_for_and_no_other()
    {
        var opened = new List<string>();
        (string, Lazy<DeviceReport[]>)[] drivers =
        [
            ("opencl", new(() => [Found("opencl:0"), Found("opencl:1"), new("opencl:2", () => throw new DriverException("busy"))])),
            ("cuda", new(() => throw new InvalidOperationException("the driver of CUDA was looked for"))),
        ];
        Assert.Same(Device.Cpu, DeviceList.Get("opencl:1", drivers));
        Assert.Same(Device.Cpu, DeviceList.Get("opencl:1", drivers));
        Assert.Equal(["opencl:1"], opened);
        Assert.Equal("device: opencl:2 is not available: busy", Refused("opencl:2"));
        Assert.Equal("device: opencl:3 is not available: there is no other than opencl:0, opencl:1, opencl:2", Refused("opencl:3"));
        Assert.Equal(["opencl:1"], opened);

        string Refused(string name) => Assert.Throws<ArgumentException>(() => DeviceList.Get(name, drivers)).Message;

        DeviceReport Found(string name) => new(name, () =>
        {
            opened.Add(name);
            return Device.Cpu;
        });
    }

    [Theory]
    [InlineData("gpu", "'gpu' is not a device; use cpu, opencl[:i] or cuda[:i]")]
    [InlineData("opencl:x", "'opencl:x' is not a device")]
    [InlineData("opencl:97", "opencl:97 is not available: ")]
    [InlineData("cuda:97", "cuda:97 is not available: ")]
    [InlineData("cpu:1", "cpu:1 is not available: ")]
    public void A_device_that_is_not_there_is_an_error_with_the_reason(string name, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => DeviceList.Get(name)).Message);

    [Theory]
    [MemberData(nameof(TestDevices.Others), MemberType = typeof(TestDevices))]
    public void Code_of_the_cpu_is_refused_on_another_device(string name)
    {
        var device = DeviceList.Get(name);
        var x = Tensor.FromSpan([1, 2, 3, 4], [2, 2], device);
        Assert.Contains(name, Assert.Throws<NotSupportedException>(() => device.Launch(new CpuKernel(), 1)).Message);
        Assert.Contains(name, Assert.Throws<NotSupportedException>(() => ReadOnCpu(x)).Message);
        Assert.Equal([1f, 2, 3, 4], x.To(Device.Cpu).ToArray());
    }

    [Theory]
    [MemberData(nameof(TestDevices.All), MemberType = typeof(TestDevices))]
    public void Values_come_back_as_they_went(string name)
    {
        var device = DeviceList.Get(name);

        // Several times what may be on its way at once, so that blocks are used again.
        var values = new int[24_000_001];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = i * 7;
        }

        using var buffer = device.Allocate<int>(values);

        // Copying in does not wait for the device, so what was given may change at once.
        var kept = values.ToArray();
        Array.Clear(values);
        Assert.True(kept.AsSpan().SequenceEqual(buffer.ToArray()));
        Assert.Throws<ArgumentException>(() => buffer.CopyFrom(new int[3]));
        Assert.Throws<ArgumentException>(() => buffer.CopyTo(new int[3]));
    }

    [Theory]
    [MemberData(nameof(TestDevices.Others), MemberType = typeof(TestDevices))]
    public void Memory_that_is_not_there_is_an_error_with_sizes(string name)
    {
        var device = DeviceList.Get(name);
        var message = Assert.Throws<OutOfMemoryException>(() => device.Allocate(1L << 50)).Message;
        Assert.StartsWith($"{name}: out of memory allocating {1L << 50} bytes (", message);
    }

    /// <summary>PoCL lends more memory than there is, and the system then ends the process.</summary>
    [Fact]
    public void More_than_the_device_s_memory_is_not_asked_for()
    {
        var report = OpenClDriver.Find().First();
        Assert.SkipWhen(report.Device is null, report.Reason);
        const int Mebibyte = 1 << 20;
        var device = ((OpenClDevice)report.Device!).WithMemory(16 * Mebibyte);
        using var kept = device.Allocate<byte>(8 * Mebibyte);
        device.Allocate<byte>(6 * Mebibyte).Dispose();

        // Room there is when what is kept for reuse goes.
        using var other = device.Allocate<byte>(7 * Mebibyte);
        Assert.Equal(15 * Mebibyte, device.BytesReserved);
        var message = Assert.Throws<OutOfMemoryException>(() => device.Allocate<byte>(2 * Mebibyte)).Message;
        Assert.Equal($"{device.Name}: out of memory allocating {2 * Mebibyte} bytes ({15 * Mebibyte} of {16 * Mebibyte} in use); use a smaller batch", message);
        using var small = device.Allocate<byte>(Mebibyte);
    }

    /// <summary>Offsets of uploads were ints: more than 2 GiB ended in an OverflowException.</summary>
    [Fact]
    public unsafe void An_upload_may_be_longer_than_2_GiB()
    {
        const int Length = (1 << 27) + 3;
        const long Bytes = 16L * Length;
        Assert.SkipUnless(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >= 4 * Bytes, "too little memory");
        var report = OpenClDriver.Find().First();
        Assert.SkipWhen(report.Device is null, report.Reason);
        var device = report.Device!;
        var values = (float*)NativeMemory.AllocZeroed((nuint)Bytes);
        try
        {
            values[4 * Length - 1] = 3f;
            var storage = device.Allocate(Bytes);
            device.CopyIn(new ReadOnlySpan<UInt128>(values, Length), storage);
            using var end = device.Allocate<float>(2);
            BasicKernels.LaunchScale(device, 2, new ArrayView<float>(storage, 4L * Length - 2, 2), end, 2f);
            Assert.Equal([0f, 6f], end.ToArray());
            storage.Release();
        }
        catch (OutOfMemoryException e)
        {
            Assert.Skip(e.Message);
        }
        finally
        {
            NativeMemory.Free(values);
            device.TrimMemory();
        }
    }

    /// <summary>CL_OUT_OF_RESOURCES from a launch or a wait is no lack of memory: drivers report faults of kernels with it.</summary>
    [Fact]
    public void Resources_that_run_out_are_memory_only_where_memory_is_asked_for()
    {
        Assert.Contains("CL_OUT_OF_RESOURCES (-5), at clFinish", Assert.Throws<DriverException>(() => OpenClError.Check(-5, "clFinish")).Message);
        Assert.Contains("CL_OUT_OF_RESOURCES (-5), at clCreateBuffer", Assert.Throws<OutOfMemoryException>(() => OpenClError.CheckAllocation(-5, "clCreateBuffer")).Message);
        Assert.Throws<OutOfMemoryException>(() => OpenClError.CheckAllocation(-4, "clCreateBuffer"));
        Assert.Throws<DriverException>(() => OpenClError.CheckAllocation(-30, "clCreateBuffer"));
        OpenClError.CheckAllocation(0, "clCreateBuffer");
    }

    /// <summary>A driver that allocates a block when it is first used says at the launch that memory ran out.</summary>
    [Fact]
    public void A_launch_without_memory_gives_unused_blocks_back_and_may_be_repeated()
    {
        var report = OpenClDriver.Find().First();
        Assert.SkipWhen(report.Device is null, report.Reason);
        var device = (OpenClDevice)report.Device!;
        using var kept = device.Allocate<float>([1f, 2f]);
        device.Allocate<float>(100_000).Dispose();
        var reserved = device.BytesReserved;
        Assert.False(device.CanRepeat(0));
        Assert.False(device.CanRepeat(-5));
        Assert.Equal(reserved, device.BytesReserved);
        Assert.True(device.CanRepeat(-4));
        Assert.Equal(device.BytesInUse, device.BytesReserved);
        Assert.Equal([1f, 2f], kept.ToArray());

        var message = Assert.Throws<OutOfMemoryException>(() => device.CheckQueued(-4, "clEnqueueNDRangeKernel Scale")).Message;
        Assert.Equal(
            $"opencl: CL_MEM_OBJECT_ALLOCATION_FAILURE (-4), at clEnqueueNDRangeKernel Scale: opencl:0 is out of memory ({device.BytesInUse} of {device.MemoryBytes} bytes in use); use a smaller batch",
            message);
        Assert.Throws<DriverException>(() => device.CheckQueued(-5, "clEnqueueNDRangeKernel Scale"));
    }

    /// <summary>A compiler that does not know the GPU was taken because it was found first.</summary>
    [Fact]
    public void The_compiler_of_cuda_is_one_that_knows_the_gpu_or_makes_ptx_for_it()
    {
        int[] older = [52, 70, 80], old = [70, 80, 86], current = [75, 80, 86, 90], silent = [];
        Assert.Equal((current, "sm_90"), Choose(90, old, current));
        Assert.Equal((older, "sm_80"), Choose(80, older, old));
        Assert.Equal((old, "compute_86"), Choose(120, older, old));
        Assert.Equal((old, "compute_80"), Choose(82, old, older));
        Assert.Equal((silent, "sm_120"), Choose(120, current, silent));
        Assert.Null(NvrtcTarget.Choose(50, [older, old], known => known));

        static (int[], string) Choose(int architecture, params int[][] compilers)
        {
            var (compiler, target) = NvrtcTarget.Choose(architecture, compilers, known => known)!.Value;
            return (compiler, target.Name);
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Others), MemberType = typeof(TestDevices))]
    public void Memory_of_another_device_is_refused(string name)
    {
        var device = DeviceList.Get(name);
        using var here = device.Allocate<float>([1f]);
        using var there = Device.Cpu.Allocate<float>([1f]);
        Assert.Contains($"Scale: view 1 of its arguments is cpu memory, the launch is on {name}",
            Assert.Throws<ArgumentException>(() => BasicKernels.LaunchScale(device, 1, there, here, 1f)).Message);
        Assert.Contains($"Scale: view 1 of its arguments is {name} memory, the launch is on cpu",
            Assert.Throws<ArgumentException>(() => BasicKernels.LaunchScale(Device.Cpu, 1, here, there, 1f)).Message);
        Assert.Contains($"the memory of {name} is not readable from C#", Assert.Throws<InvalidOperationException>(() => here.View[0]).Message);
        Assert.Contains("Scale: view 2 of its arguments is no device's memory",
            Assert.Throws<ArgumentException>(() => BasicKernels.LaunchScale(device, 1, here, default, 1f)).Message);
    }

    [Theory]
    [MemberData(nameof(TestDevices.All), MemberType = typeof(TestDevices))]
    public void Memory_that_was_freed_is_refused(string name)
    {
        var device = DeviceList.Get(name);
        using var kept = device.Allocate<float>([1f]);
        var freed = device.Allocate<float>([1f]);
        var view = freed.View;
        freed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => BasicKernels.LaunchScale(device, 1, kept, freed, 1f));
        Assert.Contains("Scale: view 2 of its arguments is memory that was freed",
            Assert.Throws<ObjectDisposedException>(() => BasicKernels.LaunchScale(device, 1, kept, view, 1f)).Message);
    }

    /// <summary>The number of groups wrapped: such a launch ran nothing and said nothing.</summary>
    [Fact]
    public void More_groups_than_plain_code_counts_are_refused()
    {
        using var x = Device.Cpu.Allocate<float>([1f]);
        using var integers = Device.Cpu.Allocate<int>(1);
        Refused("GroupSums: 65536 x 65536 x 1 are more than plain C# runs", () => BasicKernels.LaunchGroupSums(Device.Cpu, (new Index2D(1 << 16, 1 << 16), new Index2D(1, 1)), x, x, 1));
        Refused("GroupSums: 65536 x 32768 x 1 are", () => BasicKernels.LaunchGroupSums(Device.Cpu, (new Index2D(1 << 16, 1 << 15), new Index2D(1, 1)), x, x, 1));
        Refused("Cube: 2147483647 x 2147483647 x 2147483647 are", () => BasicKernels.LaunchCube(Device.Cpu, (int.MaxValue, int.MaxValue, int.MaxValue), integers, 1, 1));

        static void Refused(string message, Action launch) => Assert.StartsWith(message, Assert.Throws<NotSupportedException>(launch).Message);
    }

    [Fact]
    public void The_groups_that_cuda_runs_on_an_axis_are_counted()
    {
        var long1 = KernelRange.Groups((new Index3D(1 << 20, 1, 1), new Index3D(1, 1, 1)));
        Assert.Equal(1 << 20, long1.InGroups("K", 256, KernelRange.MaxGroupsYZ).GridDim.X);
        foreach (var grid in (Index3D[])[(1, 65536, 1), (1, 1, 65536)])
        {
            var range = KernelRange.Groups((grid, new Index3D(1, 1, 1)));
            Assert.Equal(grid, range.InGroups("K", 256).GridDim);
            Assert.StartsWith($"K: {grid} groups of 1 x 1 x 1: the device runs 65535 groups on the Y and Z axes",
                Assert.Throws<NotSupportedException>(() => range.InGroups("K", 256, KernelRange.MaxGroupsYZ)).Message);
        }

        // Four rows to a group of an extent.
        Assert.Equal(65535, KernelRange.Over(new Index2D(1, 4 * 65535)).InGroups("K", 256, KernelRange.MaxGroupsYZ).GridDim.Y);
        Assert.Throws<NotSupportedException>(() => KernelRange.Over(new Index2D(1, 4 * 65535 + 1)).InGroups("K", 256, KernelRange.MaxGroupsYZ));
    }

    [Theory]
    [MemberData(nameof(TestDevices.All), MemberType = typeof(TestDevices))]
    public void Sizes_that_cannot_be_are_refused_and_nothing_is_not_an_error(string name)
    {
        var device = DeviceList.Get(name);
        using var x = device.Allocate<float>([1f, 2f]);
        using var y = device.Allocate<float>(2);
        var before = device.Launches;
        Refused("Scale: an extent of -1 x 1 x 1 is negative", () => BasicKernels.LaunchScale(device, -1, x, y, 2f));
        Refused("GroupSums: a grid of -1 x 1 x 1 is negative", () => BasicKernels.LaunchGroupSums(device, (-1, 64), x, y, 2));
        Refused("GroupSums: a group of 0 x 1 x 1 has no work-item", () => BasicKernels.LaunchGroupSums(device, (1, 0), x, y, 2));
        Refused("GroupSums: a group of -4 x 1 x 1 has no work-item", () => BasicKernels.LaunchGroupSums(device, (0, -4), x, y, 2));
        Refused("GroupSums: a group of 2097152 x 1 x 1 has 2097152 work-items; the device runs at most ", () => BasicKernels.LaunchGroupSums(device, (1, 1 << 21), x, y, 2));
        Refused("GroupSums: a group of 65536 x 65536 x 1 has 4294967296 work-items", () => BasicKernels.LaunchGroupSums(device, (new Index2D(1, 1), new Index2D(1 << 16, 1 << 16)), x, y, 2));
        using var integers = device.Allocate<int>(64);
        Refused("Transpose: an extent of 5 x -1 x 1 is negative", () => BasicKernels.LaunchTranspose(device, (5, -1), integers, integers, 5, 1));
        Refused("Cube: an extent of 5 x 6 x -1 is negative", () => BasicKernels.LaunchCube(device, (5, 6, -1), integers, 5, 6));
        Refused("GroupSums: a group of 8 x 0 x 1 has no work-item", () => BasicKernels.LaunchGroupSums(device, (new Index2D(1, 1), new Index2D(8, 0)), x, y, 2));
        Refused("GroupSums: a group of 8 x 1 x 0 has no work-item", () => BasicKernels.LaunchGroupSums(device, (new Index3D(1, 1, 1), new Index3D(8, 1, 0)), x, y, 2));
        BasicKernels.LaunchTranspose(device, (5, 0), integers, integers, 5, 0);
        BasicKernels.LaunchCube(device, (5, 6, 0), integers, 5, 6);
        BasicKernels.LaunchGroupSums(device, (new Index2D(1, 0), new Index2D(8, 1)), x, y, 2);
        BasicKernels.LaunchScale(device, 0, x, y, 2f);
        BasicKernels.LaunchGroupSums(device, (0, 64), x, y, 2);
        BasicKernels.LaunchScale(device, 2, x, y, 2f);
        Assert.Equal([2f, 4f], y.ToArray());
        Assert.True(device.Launches > before);

        static void Refused(string message, Action launch) => Assert.StartsWith(message, Assert.Throws<ArgumentException>(launch).Message);
    }

    [Theory]
    [MemberData(nameof(TestDevices.Others), MemberType = typeof(TestDevices))]
    public void A_kernel_that_does_not_build_shows_the_log_and_its_own_line(string name)
    {
        var device = DeviceList.Get(name);
        var broken = new KernelProgram("Broken", "Here.cs:12",
            "__kernel void Broken(__global float* x)\n{\n    x[0] = missing + 1;\n}\n",
            "extern \"C\" __global__ void Broken(float* x)\n{\n    x[0] = missing + 1;\n}\n", KernelFeatures.None);
        var message = Assert.Throws<DriverException>(() => device.Launch(broken, KernelRange.Groups((1, 1)), default(NoArguments))).Message;
        Assert.StartsWith($"{name}: kernel Broken (Here.cs:12) did not build with -", message);
        Assert.Contains("missing", message);
        Assert.EndsWith("line 3: x[0] = missing + 1;", message);
    }

    [Theory]
    [MemberData(nameof(TestDevices.Others), MemberType = typeof(TestDevices))]
    public void A_kernel_of_the_engine_s_cpu_is_refused_by_name(string name)
    {
        var device = DeviceList.Get(name);
        Assert.Contains($"OnlyCpu: there is no kernel for device {name}", Assert.Throws<NotSupportedException>(() => device.Launch(default(OnlyCpu), 1)).Message);
    }

    [Theory]
    [MemberData(nameof(TestDevices.Others), MemberType = typeof(TestDevices))]
    public void A_program_for_another_language_is_refused_by_name(string name)
    {
        var device = DeviceList.Get(name);
        var none = new KernelProgram("None", "Here.cs:1", null, null, KernelFeatures.None);
        Assert.Contains("None (Here.cs:1): this kernel is not made for", Assert.Throws<NotSupportedException>(() => device.Launch(none, KernelRange.Groups((1, 1)), default(NoArguments))).Message);
    }

    [Fact]
    public void A_view_knows_its_ends()
    {
        using var buffer = Device.Cpu.Allocate<int>([1, 2, 3, 4]);
        var view = buffer.View.SubView(1, 2);
        Assert.Equal((2, 3, 2L), (view[0], view[1], view.Length));
        Assert.Throws<IndexOutOfRangeException>(() => buffer.View.SubView(1, 2)[2]);
        Assert.Throws<IndexOutOfRangeException>(() => buffer.View.SubView(1, 2)[-1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.View.SubView(3, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.View.SubView(-1));
        Assert.False(default(ArrayView<int>).IsValid);
    }

    private readonly struct NoArguments : IKernelCall
    {
        public void Execute(Index3D index)
        {
        }

        public void Write(KernelArguments arguments)
        {
        }
    }

    private readonly struct OnlyCpu : IKernel
    {
        public void Execute(int group)
        {
        }
    }

    private static unsafe float ReadOnCpu(Tensor x) => *x.Floats;

    private readonly struct CpuKernel : IKernel
    {
        public void Execute(int group)
        {
        }
    }
}
