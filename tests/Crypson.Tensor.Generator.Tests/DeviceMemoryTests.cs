using Crypson.Tests.Kernels;

namespace Crypson.Tests;

/// <summary>How much memory a device holds; alone, because other tests use the same devices.</summary>
[Collection(nameof(ProgramCacheTests))]
public sealed class DeviceMemoryTests
{
    [Theory]
    [MemberData(nameof(TestDevices.All), MemberType = typeof(TestDevices))]
    public void Memory_is_flat_over_a_thousand_launches(string name)
    {
        var device = DeviceList.Get(name);
        var (reserved, values) = (0L, new float[5000]);
        for (var i = 0; i < 1000; i++)
        {
            using var x = device.Allocate<float>(values);
            using var y = device.Allocate<float>(values.Length);
            BasicKernels.LaunchScale(device, values.Length, x, y, 2f);
            if (i == 10)
            {
                device.Synchronize();
                reserved = device.BytesReserved;
            }
        }

        device.Synchronize();
        Assert.Equal(reserved, device.BytesReserved);
    }

    // An event of OpenCL that is not released holds some hundred bytes, a block of copies that is lost at least a page.
    [Theory]
    [MemberData(nameof(TestDevices.All), MemberType = typeof(TestDevices))]
    public void The_process_does_not_grow_over_a_hundred_thousand_copies(string name)
    {
        var device = DeviceList.Get(name);
        using var buffer = device.Allocate<int>(16);
        var values = new int[16];
        Copy(20_000);
        var resident = Environment.WorkingSet;
        Copy(100_000);
        var growth = (Environment.WorkingSet - resident) / (double)(1 << 20);
        Assert.True(growth < 8, $"the process has {growth:F1} MiB more after 120,000 copies than after 20,000");

        void Copy(int count)
        {
            for (var i = 0; i < count; i++)
            {
                values[0] = i;
                buffer.CopyFrom(values);
            }

            Assert.Equal(values, buffer.ToArray());
        }
    }
}
