using System.Globalization;
using System.Text.RegularExpressions;
using Crypson.Models;

namespace Crypson.Cli.Tests.Training;

/// <summary>
/// <c>--max-steps</c> once drew all letters for a few steps. Now it draws those of the steps, and they are what they would be
/// among all.
/// </summary>
public sealed class DrawingTests : IDisposable
{
    // The last 50 letters make a batch of another size; an epoch has 39 steps of 32.
    private const int Letters = 1330;

    private readonly string folder = Directory.CreateTempSubdirectory("crypson-drawing-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_run_of_few_steps_draws_few_letters_and_goes_on_as_if_it_had_drawn_all()
    {
        await Run($"cgan --per-class 8 --run cgan --max-steps 2 {Shell.Tiny}");
        await Check("vae", "--generator cgan");
        await Check("classifier", "--generator cgan --vae vae-whole");
    }

    /// <summary>The networks of the paper, on each device: where a letter stands in a batch does not matter.</summary>
    [Theory]
    [InlineData("cpu")]
    [MemberData(nameof(DeviceTests.Devices), MemberType = typeof(DeviceTests))]
    public void Letters_drawn_by_themselves_are_the_same_as_among_all(string device)
    {
        const int Count = 300;
        const int Width = 8;
        var config = new CrypsonConfig { Classifier = new() { Samples = Count, BatchSize = 64 } };
        var (generator, vae) = (new Generator(47, new Philox(1)), new Vae(new Philox(2), config.Vae.Hidden));
        generator.To(DeviceList.Get(device));
        vae.To(DeviceList.Get(device));
        var all = ClassifierTask.DrawLetters(generator, vae, config);
        var some = ClassifierTask.DrawLetters(generator, vae, config, (1, 2));
        var drawn = Enumerable.Range(0, Count).Where(i => Latent(some, i).ContainsAnyExcept(0f)).ToList();
        Assert.InRange(drawn.Count, 64, 64 + 44);
        Assert.All(drawn, i => Assert.Equal(Latent(all, i).ToArray(), Latent(some, i).ToArray()));

        static ReadOnlySpan<float> Latent(LatentDataset letters, int i) => letters.Latents.AsSpan(i * Width, Width);
    }

    private async Task Check(string task, string sources)
    {
        var start = $"{task} {sources} {Shell.Tiny} --set {task}.samples={Letters}";
        Assert.Equal(Letters, await Run($"{start} --run {task}-whole --max-steps 42"));
        Assert.InRange(await Run($"{start} --run {task} --max-steps 3"), 96, 178);
        Assert.InRange(await Run($"{task} --run {task} --resume --max-steps 20"), 544, 690);

        // The epoch ends at step 39, and its validation takes all letters that training does not.
        Assert.Equal(Letters, await Run($"{task} --run {task} --resume --max-steps 40"));
        Assert.InRange(await Run($"{task} --run {task} --resume --max-steps 42"), 64, 178);
        Assert.Equal(Last($"{task}-whole"), Last(task));
    }

    // How many letters were drawn.
    private async Task<int> Run(string arguments)
    {
        var (code, _, error) = await Shell.Run($"crypson train {arguments} --device cpu", folder);
        Assert.True(code == 0, $"{arguments}\n{error}");
        var drawn = Regex.Matches(error, @"letters for the \w+  ([\d,]+)/\1\n");
        return drawn.Count == 0 ? 0 : int.Parse(Assert.Single(drawn).Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
    }

    private byte[] Last(string run) => File.ReadAllBytes(Path.Combine(folder, run, "checkpoints", "last.safetensors"));
}
