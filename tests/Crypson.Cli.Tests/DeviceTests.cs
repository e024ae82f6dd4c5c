namespace Crypson.Cli.Tests;

/// <summary>The commands that compute, on each device of this machine besides the CPU.</summary>
public sealed class DeviceTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("crypson-devices-").FullName;

    public static IEnumerable<TheoryDataRow<string>> Devices => TestDevices.Others;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Devices))]
    public async Task All_bytes_go_from_one_device_to_the_other(string device)
    {
        var bytes = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();
        File.WriteAllBytes(Path.Combine(folder, "all"), bytes);
        await Succeed("crypson encrypt all -o there --quiet --device cpu");
        await Computes($"crypson decrypt there -o back --device {device}", device);
        Assert.Equal(bytes, File.ReadAllBytes(Path.Combine(folder, "back")));
        await Computes($"crypson encrypt all -o there --device {device}", device);
        await Succeed("crypson decrypt there -o again --quiet --device cpu");
        Assert.Equal(bytes, File.ReadAllBytes(Path.Combine(folder, "again")));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public async Task A_run_begins_on_one_device_and_goes_on_on_another(string device)
    {
        await Computes($"crypson train all {Shell.Tiny} --per-class 8 --run run --max-steps 4 --device {device}", device);
        await Succeed("crypson train all --quiet --run run --resume --max-steps 7 --device cpu");
        await Computes($"crypson train all --run run --resume --max-steps 9 --device {device}", device);
        Assert.True(File.Exists(Path.Combine(folder, "run", "model.safetensors")));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public async Task A_model_is_measured_and_draws(string device)
    {
        var there = await Computes($"crypson eval --model $MODEL --letters 94 --device {device}", device);
        Assert.Equal((await Succeed("crypson eval --model $MODEL --letters 94 --quiet --device cpu")).Split('\n')[^2], there.Split('\n')[^2]);
        await Computes($"crypson sample --model $MODEL --letters 'Hello World' -o hello.png --seed 1 --device {device}", device);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public async Task The_device_is_told_and_measured(string device)
    {
        var (code, output, error) = await Shell.Run($"crypson bench --only gemm/128x47x512 --seconds 0.001 --device {device}", folder);
        Assert.True(code == 0, error);
        Assert.StartsWith($"crypson: note: device {device} (", error, StringComparison.Ordinal);
        AssertComputed(error, device);
        Assert.Matches($@"\Arow +{device} ms +best rate +by\ngemm/128x47x512 +[\d.]+ +[\d.]+ GFLOP/s +{device}\n", output);
        (code, output, error) = await Shell.Run("crypson bench --only gemm/128x47x512 --seconds 0.001 --quiet", folder);
        Assert.True(code == 0, error);
        Assert.Matches($@"\Arow +naive ms +mathnet ms +cpu ms .*{device} ms", output);
    }

    /// <summary>A device that is there but cannot build kernels: PoCL without a place for its files.</summary>
    [Theory]
    [MemberData(nameof(Devices))]
    public async Task Kernels_that_fail_are_told(string device)
    {
        Assert.SkipUnless(DeviceList.Get(device).Info.Software.Contains("PoCL"), "not PoCL");
        var (_, output, _) = await Shell.Run("POCL_CACHE_DIR=/dev/null CRYPSON_CACHE= crypson devices", folder);
        Assert.Matches($@"(?m)^{device} .* no$", output);
        Assert.Matches($@"(?m)^{device}: kernels fail: {device}: kernel Fill \(Fill.Kernels.cs:\d+\) did not build", output);
        Assert.Matches(@"(?m)^cpu .* yes$", output);
    }

    // The device did the work: the last note says how many kernels ran there.
    private async Task<string> Computes(string line, string device)
    {
        var (code, output, error) = await Shell.Run(line, folder);
        Assert.True(code == 0, $"{line}\n{error}");
        AssertComputed(error, device);
        return output;
    }

    private static void AssertComputed(string error, string device) => Assert.Matches($@"crypson: note: device {device} ran [1-9][\d,]* kernels\n\z", error);

    private async Task<string> Succeed(string line)
    {
        var (code, output, error) = await Shell.Run(line, folder);
        Assert.True(code == 0, $"{line}\n{error}");
        return output;
    }
}
