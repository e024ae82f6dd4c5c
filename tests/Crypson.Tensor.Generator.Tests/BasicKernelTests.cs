using Crypson.Tests.Kernels;

namespace Crypson.Tests;

/// <summary>Kernels of each shape on each device.</summary>
public sealed class BasicKernelTests
{
    [Theory]
    [MemberData(nameof(TestDevices.All), MemberType = typeof(TestDevices))]
    public void Each_position_of_an_extent_runs_once(string name)
    {
        var device = DeviceList.Get(name);
        var values = Enumerable.Range(0, 1000).Select(i => i - 500f).ToArray();
        using var x = device.Allocate<float>(values);
        using var y = device.Allocate<float>(1000);
        BasicKernels.LaunchScale(device, 1000, x, y, 0.1f);
        Assert.Equal(values.Select(value => 0.1f * value), y.ToArray());

        using var grid = device.Allocate<int>([.. Enumerable.Range(0, 7 * 130)]);
        using var turned = device.Allocate<int>(7 * 130);
        BasicKernels.LaunchTranspose(device, (130, 7), grid, turned, 130, 7);
        Assert.Equal(Enumerable.Range(0, 7 * 130).Select(i => i % 7 * 130 + i / 7), turned.ToArray());

        using var cube = device.Allocate<int>(5 * 6 * 7);
        BasicKernels.LaunchCube(device, (5, 6, 7), cube, 5, 6);
        Assert.Equal(Enumerable.Range(0, 5 * 6 * 7).Select(i => i % 5 + 100 * (i / 5 % 6) + 10000 * (i / 30)), cube.ToArray());
    }

    [Theory]
    [MemberData(nameof(TestDevices.All), MemberType = typeof(TestDevices))]
    public void An_empty_launch_does_nothing(string name)
    {
        var device = DeviceList.Get(name);
        using var x = device.Allocate<float>(0);
        BasicKernels.LaunchScale(device, 0, x, x, 1f);
        BasicKernels.LaunchGroupSums(device, (0, 64), x, x, 0);
        device.Synchronize();
        Assert.Empty(x.ToArray());
    }

    [Theory]
    [MemberData(nameof(TestDevices.All), MemberType = typeof(TestDevices))]
    public void Groups_share_memory_and_meet_at_barriers(string name)
    {
        var device = DeviceList.Get(name);
        using var x = device.Allocate<float>([.. Enumerable.Range(0, 1000).Select(i => (float)i)]);
        using var sums = device.Allocate<float>(16);
        BasicKernels.LaunchGroupSums(device, (16, 64), x, sums, 1000);
        Assert.Equal(Enumerable.Range(0, 16).Select(group => (float)Enumerable.Range(64 * group, 64).Where(i => i < 1000).Sum()), sums.ToArray());
    }

    [Theory]
    [MemberData(nameof(TestDevices.All), MemberType = typeof(TestDevices))]
    public void A_tiled_product_is_a_product(string name)
    {
        var device = DeviceList.Get(name);
        var (m, n, k) = (33, 17, 40);
        var a = Enumerable.Range(0, m * k).Select(i => (float)(i * 7 % 11 - 5)).ToArray();
        var b = Enumerable.Range(0, k * n).Select(i => (float)(i * 5 % 13 - 6)).ToArray();
        using var da = device.Allocate<float>(a);
        using var db = device.Allocate<float>(b);
        using var dc = device.Allocate<float>(m * n);
        BasicKernels.LaunchMatMul(device, new KernelConfig((2, 3, 1), (BasicKernels.Tile, BasicKernels.Tile, 1)), da, db, dc, m, n, k);

        // Small integers: every order of the sum is exact.
        var expected = Enumerable.Range(0, m * n).Select(i => Enumerable.Range(0, k).Sum(p => a[i / n * k + p] * b[p * n + i % n]));
        Assert.Equal(expected, dc.ToArray());
    }

    [Theory]
    [MemberData(nameof(TestDevices.All), MemberType = typeof(TestDevices))]
    public void Atomics_lose_nothing(string name)
    {
        var device = DeviceList.Get(name);
        using var values = device.Allocate<int>([.. Enumerable.Range(1, 4000)]);
        using var bins = device.Allocate<int>([0, 0, 0, 0, 0, 0, 0, 0]);
        using var extremes = device.Allocate<uint>([0u, uint.MaxValue]);
        using var total = device.Allocate<float>([0f]);
        BasicKernels.LaunchHistogram(device, 4000, values, bins, extremes, total);
        Assert.Equal(Enumerable.Repeat(500, 8), bins.ToArray());
        Assert.Equal([4000u, 1u], extremes.ToArray());
        Assert.Equal(4000f * 4001 / 2, total.ToArray()[0], 1f);
    }

    [Theory]
    [MemberData(nameof(TestDevices.Others), MemberType = typeof(TestDevices))]
    public void A_view_without_memory_is_refused_with_the_kernel_s_name(string name)
    {
        var device = DeviceList.Get(name);
        using var x = device.Allocate<float>([1f]);
        Assert.StartsWith("Scale: ", Assert.Throws<ArgumentException>(() => BasicKernels.LaunchScale(device, 1, x, default, 2f)).Message);
        BasicKernels.LaunchScale(device, 1, x, x, 2f);
        Assert.Equal([2f], x.ToArray());
    }

    [Fact]
    public void A_launch_needs_a_device() =>
        Assert.Equal("device", Assert.Throws<ArgumentNullException>(() => BasicKernels.LaunchScale(null!, 1, default, default, 2f)).ParamName);
}
