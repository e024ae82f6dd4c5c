using Crypson.Models;

namespace Crypson.Cli;

/// <summary>The networks that a classifier learns from.</summary>
internal sealed record ClassifierSources(string GeneratorPath, string VaePath, Generator Generator, Vae Vae, ClassMapping Classes, CganConfig Cgan, VaeConfig VaeConfig)
{
    /// <summary>Loads those of the record, or of the shipped model.</summary>
    /// <exception cref="DataException">They know different letters.</exception>
    public static ClassifierSources Load(RunRecord record)
    {
        var (generatorPath, vaePath) = (ModelFiles.FindNetwork(record.Generator, "cgan", "--generator"), ModelFiles.FindNetwork(record.Vae, "vae", "--vae"));
        var (generator, generatorConfig, classes) = Checkpoints.LoadGenerator(generatorPath);
        var (vae, vaeConfig, vaeClasses) = Checkpoints.LoadVae(vaePath);
        return classes.Equals(vaeClasses)
            ? new ClassifierSources(generatorPath, vaePath, generator, vae, classes, generatorConfig.Cgan, vaeConfig.Vae)
            : throw new DataException($"the generator knows the letters {classes}, the VAE {vaeClasses}\n  hint: both have to come from the same letters");
    }

    /// <summary>The configuration with what describes these networks.</summary>
    public CrypsonConfig Apply(CrypsonConfig config) => config with { Cgan = Cgan, Vae = VaeConfig };
}
