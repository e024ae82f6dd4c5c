using Crypson.Models;

[assembly: AssemblyFixture(typeof(Crypson.Cli.Tests.TinyModels))]

namespace Crypson.Cli.Tests;

/// <summary>
/// Two models for the tests: one trained just long enough that messages go through it, made when first asked for, and
/// one with other weights.
/// </summary>
public sealed class TinyModels : IDisposable
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("crypson-models-").FullName;
    private readonly Lazy<Task> made = new(Make);

    /// <summary>Where the trained model will be.</summary>
    public static string ReadingPath { get; } = Path.Combine(Folder, "run", "model.safetensors");

    /// <summary>Where the other model will be.</summary>
    public static string OtherPath { get; } = Path.Combine(Folder, "other.safetensors");

    /// <summary>Makes the models unless that is done.</summary>
    public Task Ready() => made.Value;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static async Task Make()
    {
        // About 20 seconds on two cores. It reads one letter in four at the first try, which is enough: a sender draws
        // again until a letter reads back.
        var (code, _, error) = await Shell.Run(
            "crypson train all --run run --quiet --per-class 60 --set cgan.channels=64,32,16 --set cgan.hidden=256,128 --set cgan.batchSize=32 "
            + "--set cgan.learningRate=0.001 --set cgan.epochs=12 --set vae.hidden=8,16,32,32 --set vae.samples=3000 --set vae.batchSize=32 "
            + "--set vae.learningRate=0.003 --set vae.klWeight=0.1 --set vae.epochs=8 --set classifier.samples=4700 --set classifier.batchSize=32 "
            + "--set classifier.wide=64 --set classifier.epochs=12",
            Folder);
        Assert.True(code == 0, error);
        var config = CrypsonConfig.Preset("small") with { Vae = new() { Hidden = [8, 8] } };
        var random = new Philox(1);
        var vae = new Vae(random, config.Vae.Hidden);
        CrypsonModel.Assemble(
            config, ClassMapping.Balanced, new Generator(47, random, config.Cgan.NoiseLength, config.Cgan.Channels), vae,
            new Classifier(47, random, config.Vae.Hidden, wide: config.Classifier.Wide)).Save(OtherPath);
    }
}
