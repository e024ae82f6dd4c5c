using System.Text.Json;
using Crypson.Models;
using Crypson.Nn;

namespace Crypson.Cli;

/// <summary>Joins networks that were trained one after another.</summary>
internal static class ModelAssembly
{
    /// <summary>The model of three checkpoints; its configuration has each part from the network it describes.</summary>
    /// <exception cref="SafetensorsException">They do not belong together.</exception>
    public static CrypsonModel Join(string generatorPath, string vaePath, string classifierPath)
    {
        var (generator, generatorConfig, classes) = Checkpoints.LoadGenerator(generatorPath);
        var (vae, vaeConfig, vaeClasses) = Checkpoints.LoadVae(vaePath);
        var (classifier, config, classifierClasses) = Checkpoints.LoadClassifier(classifierPath);
        RequireSameLetters(classes, vaeClasses, generatorPath, vaePath);
        RequireSameLetters(classes, classifierClasses, generatorPath, classifierPath);
        if (!config.Vae.Hidden.SequenceEqual(vaeConfig.Vae.Hidden) || !SameDecoder(vae, classifier))
        {
            throw new SafetensorsException($"the classifier of {classifierPath} was trained on another VAE than that of {vaePath}\n  hint: train it with 'crypson train classifier --vae {vaePath}'");
        }

        (generatorConfig, vaeConfig, config) = (OfRun(generatorPath, generatorConfig), OfRun(vaePath, vaeConfig), OfRun(classifierPath, config));
        return CrypsonModel.Assemble(config with { Cgan = generatorConfig.Cgan, Vae = vaeConfig.Vae }, classes, generator, vae, classifier);
    }

    // A checkpoint does not know the number of epochs; the run folder around it does.
    private static CrypsonConfig OfRun(string checkpoint, CrypsonConfig config)
    {
        var path = new RunFolder(Path.GetDirectoryName(Path.GetDirectoryName(Path.GetFullPath(checkpoint))) ?? string.Empty).ConfigPath;
        try
        {
            return File.Exists(path) && CrypsonConfig.FromJson(File.ReadAllText(path)) is var found && found.ToComputationJson() == config.ToComputationJson() ? found : config;
        }
        catch (JsonException)
        {
            return config;
        }
    }

    private static void RequireSameLetters(ClassMapping first, ClassMapping second, string firstPath, string secondPath)
    {
        if (!first.Equals(second))
        {
            throw new SafetensorsException($"{firstPath} knows the letters {first}, {secondPath} knows {second}\n  hint: all networks of a model have the same letters");
        }
    }

    // The classifier keeps the decoder's weights as they were; only its running statistics may have moved.
    private static bool SameDecoder(Vae vae, Classifier classifier)
    {
        var own = classifier.NamedParameters().ToDictionary(parameter => parameter.Name, parameter => parameter.Value);
        return vae.Decoder.NamedParameters().All(parameter => own["features" + parameter.Name["decoder".Length..]].ToArray().AsSpan().SequenceEqual(parameter.Value.ToArray()));
    }
}
