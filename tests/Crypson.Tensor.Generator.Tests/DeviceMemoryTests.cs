using Crypson.Tests.Kernels;

namespace Crypson.Tests;

/// <summary>How much memory a device holds; alone, because other tests use the same devices.</summary>
[Collection(nameof(ProgramCacheTests))]
public sealed class DeviceMemoryTests
{
    [Theory]
    [MemberData(nameof(Devices.All), MemberType = typeof(Devices))]
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
}
