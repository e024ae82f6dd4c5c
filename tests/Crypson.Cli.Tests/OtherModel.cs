using Crypson.Models;

[assembly: AssemblyFixture(typeof(Crypson.Cli.Tests.OtherModel))]

namespace Crypson.Cli.Tests;

/// <summary>A small model with weights of its own, so that messages of the shipped model can meet a wrong one.</summary>
public sealed class OtherModel : IDisposable
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("crypson-model-").FullName;

    public OtherModel()
    {
        var config = CrypsonConfig.Preset("small") with { Vae = new() { Hidden = [8, 8] } };
        var random = new Philox(1);
        CrypsonModel.Assemble(
            config, ClassMapping.Balanced, new Generator(47, random, config.Cgan.NoiseLength, config.Cgan.Channels), new Vae(random, config.Vae.Hidden),
            new Classifier(47, random, config.Vae.Hidden, wide: config.Classifier.Wide)).Save(FilePath);
    }

    /// <summary>Where it is.</summary>
    public static string FilePath { get; } = Path.Combine(Folder, "other.safetensors");

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
