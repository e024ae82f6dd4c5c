using Crypson;
using VectorKernels;

// Runs the kernel on each device of this machine and compares it with plain C#.
var values = Enumerable.Range(0, 1_000_000).Select(i => (i - 500_000) * 1e-5f).ToArray();
var failed = false;
foreach (var report in DeviceList.Reports)
{
    if (report.Device is not { } device)
    {
        Console.WriteLine(report);
        continue;
    }

    using var x = device.Allocate<float>(values);
    using var y = device.Allocate<float>(values.Length);
    Kernels.LaunchGelu(device, values.Length, x, y);
    var result = y.ToArray();

    // tanh may differ by a few units in the last place between libraries.
    var largest = values.Zip(result, (value, got) => MathF.Abs(Kernels.Value(value) - got)).Max();
    failed |= !(largest <= 2e-6f);
    Console.WriteLine($"{device.Name}: gelu of {values.Length} values, largest difference from plain C# {largest:0.0e+0}{(largest <= 2e-6f ? "" : " FAILED")}");
}

return failed ? 1 : 0;
