using Crypson.Models;

namespace Crypson.Cli;

/// <summary>A task's networks and the memory it takes, found by training two small steps on blank images.</summary>
/// <param name="Networks">Names, shapes and sizes of the trained tensors, by network.</param>
/// <param name="Bytes">Memory of the whole run.</param>
/// <param name="DataBytes">The images' part of it.</param>
internal sealed record TrialStep(IReadOnlyList<(string Network, List<(string Name, string Shape, long Count)> Tensors)> Networks, long Bytes, long DataBytes)
{
    private const int SmallBatch = 4;
    private const int LargeBatch = 12;

    /// <summary>Measures steps of 4 and 12 images; what grows between them grows on to the real batch.</summary>
    public static TrialStep Measure(string task, CrypsonConfig config, ClassMapping classes, int batchSize, int examples)
    {
        var (small, _) = Run(task, config, classes, SmallBatch);
        var (large, networks) = Run(task, config, classes, LargeBatch);
        var perImage = Math.Max(0, large - small) / (LargeBatch - SmallBatch);
        var data = (long)examples * (task == "classifier" ? 9 * sizeof(float) : ImageDataset.PixelCount + 1);
        return new TrialStep(networks, small + (perImage * (batchSize - SmallBatch)) + data, data);
    }

    private static (long Bytes, IReadOnlyList<(string, List<(string, string, long)>)> Networks) Run(string name, CrypsonConfig config, ClassMapping classes, int batchSize)
    {
        Device.Cpu.TrimMemory();
        var before = Device.Cpu.BytesReserved;
        var task = Create(name, config, classes, batchSize);
        task.Train(0, 0).First();
        var bytes = Device.Cpu.BytesReserved - before;
        return (bytes, [.. task.Networks.Select(network => (network.Name, network.Module.NamedParameters()
            .Select(parameter => (parameter.Name, $"{parameter.Value.Shape}", (long)parameter.Value.Count)).ToList()))]);
    }

    private static TrainingTask Create(string name, CrypsonConfig config, ClassMapping classes, int batchSize)
    {
        var count = 2 * batchSize;
        var images = new ImageDataset(new byte[count * ImageDataset.PixelCount], new byte[count], classes);
        return name switch
        {
            "cgan" => new CganTask(images, config.Cgan with { BatchSize = batchSize, ValidationFraction = 0 }, config.Seed),
            "vae" => new VaeTask(images, config.Vae with { BatchSize = batchSize, ValidationFraction = 0 }, config.Seed),
            _ => new ClassifierTask(
                new LatentDataset(new float[count * 8], new int[count], 8), new Vae(new Philox(0), config.Vae.Hidden), classes.Count,
                config.Classifier with { BatchSize = batchSize, ValidationFraction = 0 }, config.Seed),
        };
    }
}
