using Crypson.Nn;

namespace Crypson.Models;

/// <summary>Takes trained networks out of checkpoints.</summary>
public static class Checkpoints
{
    /// <summary>The generator of a cGAN checkpoint, its configuration and its letters.</summary>
    /// <exception cref="SafetensorsException">The file is no such checkpoint.</exception>
    public static (Generator Generator, CrypsonConfig Config, ClassMapping Classes) LoadGenerator(string path)
    {
        var (reader, config, classes) = Open(path, "cgan");
        var generator = new Generator(classes.Count, new Philox(0), config.Cgan.NoiseLength, config.Cgan.Channels);
        generator.Load(reader, "generator.");
        return (generator, config, classes);
    }

    /// <summary>The VAE of a VAE checkpoint, its configuration and its letters.</summary>
    /// <exception cref="SafetensorsException">The file is no such checkpoint.</exception>
    public static (Vae Vae, CrypsonConfig Config, ClassMapping Classes) LoadVae(string path)
    {
        var (reader, config, classes) = Open(path, "vae");
        var vae = new Vae(new Philox(0), config.Vae.Hidden);
        vae.Load(reader, "vae.");
        return (vae, config, classes);
    }

    /// <summary>The classifier of a classifier checkpoint for a VAE of the given shape, its configuration and its letters.</summary>
    /// <exception cref="SafetensorsException">The file is no such checkpoint.</exception>
    public static (Classifier Classifier, CrypsonConfig Config, ClassMapping Classes) LoadClassifier(string path)
    {
        var (reader, config, classes) = Open(path, "classifier");
        var classifier = new Classifier(
            classes.Count, new Philox(0), config.Vae.Hidden, wide: config.Classifier.Wide, dropout: config.Classifier.Dropout,
            frozenStatistics: config.Classifier.FrozenStatistics);
        classifier.Load(reader, "classifier.");
        return (classifier, config, classes);
    }

    private static (StateReader Reader, CrypsonConfig Config, ClassMapping Classes) Open(string path, string task)
    {
        var reader = new StateReader(SafetensorsFile.Read(path));
        if (!reader.Metadata.TryGetValue("task", out var found) || found != task)
        {
            throw new SafetensorsException($"{path} is not a {task} checkpoint\n  hint: give the run folder, or its checkpoints/last.safetensors, of 'crypson train {task}'");
        }

        return (reader, CrypsonConfig.FromJson(reader.Text("config")), ClassMapping.Parse(reader.Text("classes")));
    }
}
