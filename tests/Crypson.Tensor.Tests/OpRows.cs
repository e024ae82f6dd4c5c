using Crypson.Tests.Ops;

namespace Crypson.Tests;

/// <summary>Rows of tests: each operation on each device.</summary>
internal static class OpRows
{
    /// <summary>A row per operation and device; where a driver has none, one row that is skipped with the reason.</summary>
    public static IEnumerable<TheoryDataRow<string, string>> Of(Func<OpCase, bool> which, bool withCpu = true) =>
        (withCpu ? DeviceForms.All : DeviceForms.Others).SelectMany(device =>
            TestDevices.With(device.Skip is null ? OpCases.All.Where(which).Select(row => row.Name) : ["all"], [device]));

    /// <summary>
    /// How much further off than the CPU a device may be: functions of OpenCL by 4 units in the last place (exp, tanh by way of
    /// it), powers by 16.
    /// </summary>
    public static double Slack(Device device) => device is CpuDevice ? 1 : 2;
}
