using System.Text.Json;
using Crypson.Nn;

namespace Crypson.Models;

/// <summary>Takes trained networks out of checkpoints and out of whole models.</summary>
public static class Checkpoints
{
    /// <summary>The generator of a cGAN checkpoint or a model, its configuration and its letters.</summary>
    /// <exception cref="SafetensorsException">The file is no such checkpoint.</exception>
    public static (Generator Generator, CrypsonConfig Config, ClassMapping Classes) LoadGenerator(string path) => Load(
        path, "cgan", model => model.Generator, (reader, config, classes) =>
        {
            var generator = new Generator(classes.Count, new Philox(0), config.Cgan.NoiseLength, config.Cgan.Channels);
            generator.Load(reader, "generator.");
            return generator;
        });

    /// <summary>The VAE of a VAE checkpoint or a model, its configuration and its letters.</summary>
    /// <exception cref="SafetensorsException">The file is no such checkpoint.</exception>
    public static (Vae Vae, CrypsonConfig Config, ClassMapping Classes) LoadVae(string path) => Load(
        path, "vae", model => model.Vae, (reader, config, _) =>
        {
            var vae = new Vae(new Philox(0), config.Vae.Hidden);
            vae.Load(reader, "vae.");
            return vae;
        });

    /// <summary>The classifier of a classifier checkpoint or a model, its configuration and its letters.</summary>
    /// <exception cref="SafetensorsException">The file is no such checkpoint.</exception>
    public static (Classifier Classifier, CrypsonConfig Config, ClassMapping Classes) LoadClassifier(string path) => Load(
        path, "classifier", model => model.Classifier, (reader, config, classes) =>
        {
            var classifier = new Classifier(
                classes.Count, new Philox(0), config.Vae.Hidden, wide: config.Classifier.Wide, dropout: config.Classifier.Dropout,
                frozenStatistics: config.Classifier.FrozenStatistics);
            classifier.Load(reader, "classifier.");
            return classifier;
        });

    private static (TNetwork Network, CrypsonConfig Config, ClassMapping Classes) Load<TNetwork>(
        string path, string task, Func<CrypsonModel, TNetwork> take, Func<StateReader, CrypsonConfig, ClassMapping, TNetwork> build)
    {
        var file = SafetensorsFile.Read(path);
        if (CrypsonModel.IsModel(file))
        {
            var model = CrypsonModel.Load(file, path);
            return (take(model), model.Config, model.Classes);
        }

        var reader = new StateReader(file);
        if (!reader.Metadata.TryGetValue("task", out var found) || found != task)
        {
            throw new SafetensorsException($"{path} is not a {task} checkpoint\n  hint: give the run folder of 'crypson train {task}', one of its checkpoints, or a model");
        }

        try
        {
            var config = CrypsonConfig.FromJson(reader.Text("config"));
            var classes = ClassMapping.Parse(reader.Text("classes"));
            return (build(reader, config, classes), config, classes);
        }
        catch (Exception e) when (e is JsonException or DataException or ArgumentException)
        {
            throw new SafetensorsException($"{path} is not a usable checkpoint: {e.Message.Replace($"{path}: ", string.Empty, StringComparison.Ordinal)}", e);
        }
    }
}
