using System.Diagnostics;

namespace Crypson.Tests;

/// <summary>The sample under docs/samples, a project outside the engine, runs its kernel on every device.</summary>
public sealed class SampleTests
{
    [Fact]
    public async Task The_sample_runs_on_every_device()
    {
        // .../bin/Release/net10.0/
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(SourceTree.Root, "docs", "samples", "VectorKernels", "bin", output.Parent!.Name, output.Name, "VectorKernels.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (text, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await text + await errors);
        var lines = await text;
        Assert.All(DeviceList.All, device => Assert.Contains($"{device.Name}: gelu of 1000000 values, largest difference", lines));
    }
}
