namespace Crypson.Cli.Tests;

/// <summary>Runs in a folder on a small disk of its own (a tmpfs in a mount namespace) that fills up or is read-only.</summary>
public sealed class DiskTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("crypson-disk-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("crypson train cgan --quiet --per-class 8 --max-steps 2 --run run $TINY", "run/checkpoints/last.safetensors")]
    [InlineData("crypson demo --quiet --time-budget 1s --out page", ".page.crypson-partial/cgan/checkpoints/last.safetensors")]
    [InlineData("crypson data synth --train-per-class 8 --test-per-class 1 --out digits", "digits/*")]
    public async Task A_full_disk_is_one_line_with_a_hint(string command, string file)
    {
        var (code, output, error) = await OnDisk("16k", $"{command}; code=$?; find . -name '*.tmp'; exit $code");
        Assert.Equal(1, code);
        Assert.DoesNotContain(".tmp", output, StringComparison.Ordinal);
        Assert.Matches($@"\Acrypson: error: no space left on device: '.*/{file.Replace(".", @"\.").Replace("*", ".*")}'\ncrypson: hint: free some space, or write to another disk\n\z", error);
    }

    // Two checkpoints fit, the third, under its temporary name, does not.
    [Fact]
    public async Task The_last_checkpoint_outlives_a_disk_that_fills_up()
    {
        const string Sum = "sha256sum run/checkpoints/*; find . -name '*.tmp'";
        var (code, output, error) = await OnDisk(
            "3m",
            "crypson train cgan --quiet --per-class 8 --max-steps 2 --run run $TINY > log && rm log && " + Sum
            + " && echo then && crypson train cgan --quiet --run run --resume --max-steps 4; code=$?; " + Sum + "; exit $code");
        Assert.Equal(1, code);
        Assert.StartsWith("crypson: error: no space left on device", error, StringComparison.Ordinal);
        var sums = output.Split("then\n");
        Assert.Equal(2, sums[0].Count(letter => letter == '\n'));
        Assert.Equal(sums[0], sums[1]);
    }

    [Theory]
    [InlineData("crypson encrypt --text a --quiet -o x.c", "/x.c")]
    [InlineData("crypson decrypt note --quiet -o text", "/text")]
    [InlineData("crypson sample --letters a -o a.png --quiet", "/a.png")]
    [InlineData("crypson model build --generator $MODEL --vae $MODEL --classifier $MODEL -o m.safetensors", "/m.safetensors")]
    [InlineData("crypson data synth --train-per-class 1 --test-per-class 1 --out run", "/run/")]
    [InlineData("crypson train cgan --quiet --per-class 8 --run run $TINY", "/run/")]
    public async Task A_read_only_disk_is_one_line_with_a_hint(string command, string file)
    {
        var (code, output, error) = await OnDisk("1m", $"mkdir run && crypson encrypt --text a --quiet -o note && mount -o remount,ro $PWD && {command}");
        Assert.Equal((1, string.Empty), (code, output));
        Assert.Matches($@"\Acrypson: error: read-only file system: '/.*{file.Replace(".", @"\.")}.*'\ncrypson: hint: choose a place you may write to\n\z", error);
    }

    private async Task<(int Code, string Output, string Error)> OnDisk(string size, string commands)
    {
        var (code, _, reason) = await Shell.Run("mkdir -p disk && unshare --map-root-user --mount mount -t tmpfs tmpfs disk", folder);
        Assert.SkipUnless(code == 0, $"no disk of a chosen size can be mounted here: {reason}");
        return await Shell.Run(
            $"exec unshare --map-root-user --mount sh -c \"mount -t tmpfs -o size={size} tmpfs disk && cd disk && {commands.Replace("$", "\\$")}\"", folder);
    }
}
