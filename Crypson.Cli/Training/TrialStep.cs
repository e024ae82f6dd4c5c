using System.Runtime.CompilerServices;
using Crypson.Models;

namespace Crypson.Cli;

/// <summary>A task's networks and the memory it takes, found by training a step or two on blank images.</summary>
/// <param name="Networks">Names, shapes and sizes of the trained tensors, by network.</param>
/// <param name="Bytes">Memory of the whole run.</param>
/// <param name="DataBytes">The images' part of it.</param>
internal sealed record TrialStep(IReadOnlyList<(string Network, List<(string Name, string Shape, long Count)> Tensors)> Networks, long Bytes, long DataBytes)
{
    // Powers of two, so that the pool's size classes waste the same share of both.
    private const int SmallBatch = 128;
    private const int LargeBatch = 256;

    /// <summary>Measures a step of the batch; a large batch is measured at 128 and 256 images, and what grows between them grows on.</summary>
    public static TrialStep Measure(string task, CrypsonConfig config, ClassMapping classes, int batchSize, int examples, Device device)
    {
        var (bytes, networks) = Run(task, config, classes, Math.Min(batchSize, LargeBatch), device);
        if (batchSize > LargeBatch)
        {
            var perImage = Math.Max(0, bytes - Run(task, config, classes, SmallBatch, device).Bytes) / (LargeBatch - SmallBatch);
            bytes += perImage * (batchSize - LargeBatch);
        }

        // A checkpoint is put together in memory: weights and two moments.
        bytes += 3 * sizeof(float) * networks.Sum(network => network.Tensors.Sum(tensor => tensor.Count));
        var data = (long)examples * (task == "classifier" ? 9 * sizeof(float) : ImageDataset.PixelCount + 1);
        return new TrialStep(networks, bytes + data, data);
    }

    // What an earlier step left has to be gone: blocks that are reused while this one runs would not be counted.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (long Bytes, IReadOnlyList<(string Network, List<(string Name, string Shape, long Count)> Tensors)> Networks) Run(string name, CrypsonConfig config, ClassMapping classes, int batchSize, Device device)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        device.TrimMemory();
        var before = device.BytesReserved;
        var task = Create(name, config, classes, batchSize, device);
        task.Train(0, 0).First();
        var bytes = device.BytesReserved - before;
        return (bytes, [.. task.Networks.Select(network => (network.Name, network.Module.NamedParameters()
            .Select(parameter => (parameter.Name, $"{parameter.Value.Shape}", (long)parameter.Value.Count)).ToList()))]);
    }

    private static TrainingTask Create(string name, CrypsonConfig config, ClassMapping classes, int batchSize, Device device)
    {
        var count = 2 * batchSize;
        var images = new ImageDataset(new byte[count * ImageDataset.PixelCount], new byte[count], classes);
        return name switch
        {
            "cgan" => new CganTask(images, config.Cgan with { BatchSize = batchSize, ValidationFraction = 0 }, config.Seed, device),
            "vae" => new VaeTask(images, config.Vae with { BatchSize = batchSize, ValidationFraction = 0 }, config.Seed, device),
            _ => new ClassifierTask(
                new LatentDataset(new float[count * 8], new int[count], 8), new Vae(new Philox(0), config.Vae.Hidden), classes.Count,
                config.Classifier with { BatchSize = batchSize, ValidationFraction = 0 }, config.Seed, device),
        };
    }
}
