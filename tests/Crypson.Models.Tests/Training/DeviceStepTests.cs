using System.Runtime;

namespace Crypson.Models.Tests.Training;

/// <summary>What a training step asks of its device. Alone, because other tests use the same devices and the same process.</summary>
[Collection("workers")]
public sealed class DeviceStepTests
{
    private const long Mebibyte = 1 << 20;

    // Which kernels run is nothing to the memory, and those of GPUs take minutes on a CPU.
    public static IEnumerable<TheoryDataRow<string, string>> NarrowTasks() => TestDevices.With(SmallTasks.Names, TestDevices.All);

    public static IEnumerable<TheoryDataRow<string, string>> Tasks() => TestDevices.With(SmallTasks.Names, DeviceForms.All);

    [Theory]
    [MemberData(nameof(Tasks))]
    public void A_step_waits_for_the_device_once(string task, string device)
    {
        var place = DeviceForms.Get(device);
        using var steps = SmallTasks.Steps(SmallTasks.Create(task, place)).GetEnumerator();
        Advance(steps, 1);
        var before = place.Waits;
        Advance(steps, 5);
        Assert.Equal(5, place.Waits - before);
    }

    // A block of copies to the device that is lost has 1 MiB, of which a batch touches 32 KiB: over 704 steps 22 MiB. The counts
    // are taken at an epoch's end, when the loader holds no batch; it may have been a few further ahead than before.
    [Theory]
    [MemberData(nameof(NarrowTasks))]
    public void A_thousand_steps_need_no_more_memory_than_three_hundred(string name, string device)
    {
        var place = DeviceForms.Get(device);
        var task = SmallTasks.Create(name, place, SmallTasks.Narrowest);
        Assert.Equal(22, task.StepsPerEpoch);
        using var steps = SmallTasks.Steps(task).GetEnumerator();
        Advance(steps, 14 * 22);
        var resident = Resident(place);
        var (used, reserved) = (place.BytesInUse, place.BytesReserved);
        Advance(steps, 32 * 22);
        var growth = Resident(place) - resident;
        Assert.Equal(used, place.BytesInUse);
        Assert.InRange(place.BytesReserved - reserved, 0, Mebibyte / 2);
        Assert.True(growth < 8 * Mebibyte, $"the process has {growth / (double)Mebibyte:F1} MiB more after 1,012 steps than after 308");
    }

    private static void Advance(IEnumerator<MetricValues> steps, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.True(steps.MoveNext());
        }
    }

    // Bytes of the process in memory, without garbage.
    private static long Resident(Device device)
    {
        device.Synchronize();
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return Environment.WorkingSet;
    }
}
