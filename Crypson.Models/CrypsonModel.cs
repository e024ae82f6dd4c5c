using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Crypson.Nn;

namespace Crypson.Models;

/// <summary>
/// Everything that sender and receiver share: generator, VAE, classifier, time embedding and the letters, in one
/// safetensors file whose metadata hold the letters, the configuration and a hash.
/// </summary>
public sealed class CrypsonModel
{
    private const string Format = "crypson-model/1";

    private CrypsonModel(CrypsonConfig config, ClassMapping classes)
    {
        (Config, Classes) = (config, classes);
        Generator = new Generator(classes.Count, new Philox(config.Seed, Streams.GeneratorWeights), config.Cgan.NoiseLength, config.Cgan.Channels);
        Vae = new Vae(new Philox(config.Seed, Streams.VaeWeights), config.Vae.Hidden);
        Classifier = new Classifier(
            classes.Count, new Philox(config.Seed, Streams.ClassifierWeights), config.Vae.Hidden, Vae.Latent, config.Classifier.Wide,
            config.Classifier.Dropout, config.Classifier.FrozenStatistics);
        TimeEmbedding = new TimeEmbedding(config.Time.ToKind(), new Philox(config.Seed, Streams.TimeWeights), Vae.Latent, config.Time.Steps);
    }

    /// <summary>How it was built and trained.</summary>
    public CrypsonConfig Config { get; }

    /// <summary>The letters.</summary>
    public ClassMapping Classes { get; }

    public Generator Generator { get; }

    public Vae Vae { get; }

    public Classifier Classifier { get; }

    public TimeEmbedding TimeEmbedding { get; }

    /// <summary>SHA-256 of the letters and of every tensor's name, shape and values.</summary>
    public ReadOnlyMemory<byte> Hash { get; private set; }

    /// <summary>Where the networks compute; the time embedding stays on the CPU.</summary>
    public Device Device => Classifier.Device;

    private IReadOnlyList<(string Prefix, Module Module)> Parts =>
        [("generator.", Generator), ("vae.", Vae), ("classifier.", Classifier), ("time.", TimeEmbedding)];

    /// <summary>All tensors with their names in the file.</summary>
    public IEnumerable<(string Name, Tensor Value)> State() =>
        Parts.SelectMany(part => part.Module.State().Select(state => (part.Prefix + state.Name, state.Value)));

    /// <summary>Joins trained networks; the time embedding is drawn from the configuration's seed.</summary>
    /// <exception cref="ArgumentException">The networks do not fit the configuration.</exception>
    public static CrypsonModel Assemble(CrypsonConfig config, ClassMapping classes, Generator generator, Vae vae, Classifier classifier)
    {
        var model = new CrypsonModel(config, classes);
        model.Generator.CopyFrom(generator);
        model.Vae.CopyFrom(vae);
        model.Classifier.CopyFrom(classifier);
        return model.Finish();
    }

    /// <summary>
    /// Moves generator, VAE and classifier to a device. The time embedding stays on the CPU: its masks are rounded to whole
    /// numbers, and sender and receiver need the same ones whatever their devices.
    /// </summary>
    public void To(Device device)
    {
        Generator.To(device);
        Vae.To(device);
        Classifier.To(device);
    }

    /// <summary>Whether a file says that it is a model.</summary>
    public static bool IsModel(SafetensorsFile file) => file.Metadata.TryGetValue("format", out var format) && format == Format;

    /// <summary>Reads a file that <see cref="Save"/> wrote.</summary>
    /// <exception cref="SafetensorsException">It is no such file, or damaged; the message says how.</exception>
    public static CrypsonModel Load(string path) => Load(SafetensorsFile.Read(path), path);

    /// <summary>Reads a model from a file's content; <paramref name="name"/> stands in errors.</summary>
    public static CrypsonModel Load(SafetensorsFile file, string name)
    {
        var reader = new StateReader(file);
        try
        {
            if (reader.Text("format") != Format)
            {
                throw new SafetensorsException($"its format is '{reader.Text("format")}', not {Format}\n  hint: a model comes from 'crypson train all'; a checkpoint is not a model");
            }

            var model = new CrypsonModel(CrypsonConfig.FromJson(reader.Text("config")), ClassMapping.Parse(reader.Text("classes")));
            foreach (var (prefix, module) in model.Parts)
            {
                module.Load(reader, prefix);
            }

            reader.RequireNothingLeft();
            model.Finish();
            return reader.Text("hash") == Convert.ToHexStringLower(model.Hash.Span)
                ? model
                : throw new SafetensorsException("its weights do not match the hash in its metadata\n  hint: the file was altered or damaged; get it again");
        }
        catch (Exception e) when (e is SafetensorsException or JsonException or DataException or ArgumentException)
        {
            throw new SafetensorsException($"{name} is not a usable Crypson model: {e.Message.Replace($"{name}: ", string.Empty, StringComparison.Ordinal)}", e);
        }
    }

    /// <summary>Writes the model, replacing an older file in one move.</summary>
    public void Save(string path)
    {
        var writer = new SafetensorsWriter();
        foreach (var (prefix, module) in Parts)
        {
            module.Save(writer, prefix);
        }

        writer.Metadata["format"] = Format;
        writer.Metadata["classes"] = Classes.ToString();
        writer.Metadata["config"] = Config.ToJson();
        writer.Metadata["hash"] = Convert.ToHexStringLower(Hash.Span);
        writer.Save(path);
    }

    private CrypsonModel Finish()
    {
        foreach (var (_, module) in Parts)
        {
            module.Eval();
            module.RequireGrad(false);
        }

        Hash = ComputeHash();
        return this;
    }

    private byte[] ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{Format}\n{Classes}\n"));
        foreach (var (name, value) in State())
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name} {value.Shape}\n"));
            hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(value.ToArray().AsSpan()));
        }

        return hash.GetHashAndReset();
    }
}
