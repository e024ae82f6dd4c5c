using Crypson.Nn;

namespace Crypson.Models.Tests.Training;

/// <summary>The training of each model, narrow, on few images.</summary>
internal static class SmallTasks
{
    private static readonly CrypsonConfig Config = new()
    {
        Cgan = new() { BatchSize = 16, NoiseLength = 8, Channels = [16, 8, 8], Hidden = [32, 16] },
        Vae = new() { BatchSize = 8, Hidden = [4, 8, 8, 16] },
        Classifier = new() { BatchSize = 16, Wide = 32, FrozenStatistics = false },
    };

    public static IReadOnlyList<string> Names { get; } = ["cgan", "vae", "classifier"];

    // 188 images, 179 of them for training: 11 steps of 16 an epoch, so that 20 steps see two shuffles, or 22 of the VAE.
    public static ImageDataset Images { get; } = SynthesizedDataset.Train(ClassMapping.Balanced, 5, 4);

    /// <summary>So narrow that a thousand steps take seconds: 22 steps of 8 an epoch.</summary>
    public static CrypsonConfig Narrowest { get; } = new()
    {
        Cgan = new() { BatchSize = 8, NoiseLength = 4, Channels = [4, 2, 2], Hidden = [4, 4] },
        Vae = new() { BatchSize = 8, Hidden = [2, 2, 4, 4] },
        Classifier = new() { BatchSize = 8, Wide = 8 },
    };

    /// <summary>The training of a model; as wide as <paramref name="config"/> says if it is given.</summary>
    public static TrainingTask Create(string task, Device device, CrypsonConfig? config = null)
    {
        config ??= Config;
        switch (task)
        {
            case "cgan":
                return new CganTask(Images, config.Cgan, 1, device);
            case "vae":
                return new VaeTask(Images, config.Vae, 1, device);
            default:
                var random = new Philox(6);
                var letters = new LatentDataset(
                    Tensor.Normal([188, 8], random).ToArray(), [.. Enumerable.Range(0, 188).Select(i => i % 47)], 8);
                return new ClassifierTask(letters, new Vae(new Philox(3), config.Vae.Hidden), 47, config.Classifier, 1, device);
        }
    }

    /// <summary>A checkpoint of the training as it stands.</summary>
    public static SafetensorsFile Saved(TrainingTask task)
    {
        var writer = new SafetensorsWriter();
        task.Save(writer);
        using var stream = new MemoryStream();
        writer.Write(stream);
        return SafetensorsFile.Read(stream.ToArray(), "checkpoint");
    }

    /// <summary>Steps without an end, epoch after epoch.</summary>
    public static IEnumerable<MetricValues> Steps(TrainingTask task) => Enumerable.Range(0, int.MaxValue).SelectMany(epoch => task.Train(epoch, 0));
}
