using Crypson.Models;

namespace Crypson.Cli.Tests.Training;

/// <summary>The memory that <c>--dry-run</c> foretells, against what the device's pool really takes.</summary>
[CollectionDefinition(nameof(TrialStepTests), DisableParallelization = true)]
[Collection(nameof(TrialStepTests))]
public sealed class TrialStepTests
{
    private const int Images = 2048;

    // Once 2, 128, 1024 and 4096 images all took the same: the second measurement reused the first one's blocks.
    [Theory]
    [InlineData("cgan")]
    [InlineData("vae")]
    [InlineData("classifier")]
    public void Memory_grows_with_the_batch_and_is_near_what_the_device_takes(string task)
    {
        var config = CrypsonConfig.Preset("small");
        var before = 0L;
        foreach (var batch in (int[])[2, 128, 1024])
        {
            var trial = TrialStep.Measure(task, config, ClassMapping.Balanced, batch, Images, Device.Cpu);
            Assert.True(trial.Bytes > before, $"{batch} images take {trial.Bytes} bytes, fewer take {before}");
            var real = Reserved(task, config, batch);
            Assert.InRange(trial.Bytes - trial.DataBytes, real / 2, 2 * real);
            before = trial.Bytes;
        }
    }

    // Two steps of a whole batch, nothing extrapolated.
    private static long Reserved(string name, CrypsonConfig config, int batch)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Device.Cpu.TrimMemory();
        var before = Device.Cpu.BytesReserved;
        var images = new ImageDataset(new byte[Images * ImageDataset.PixelCount], new byte[Images], ClassMapping.Balanced);
        TrainingTask task = name switch
        {
            "cgan" => new CganTask(images, config.Cgan with { BatchSize = batch, ValidationFraction = 0 }, 1),
            "vae" => new VaeTask(images, config.Vae with { BatchSize = batch, ValidationFraction = 0 }, 1),
            _ => new ClassifierTask(
                new LatentDataset(new float[Images * 8], new int[Images], 8), new Vae(new Philox(0), config.Vae.Hidden), ClassMapping.Balanced.Count,
                config.Classifier with { BatchSize = batch, ValidationFraction = 0 }, 1),
        };
        Assert.Equal(2, task.Train(0, 0).Take(2).Count());
        return Device.Cpu.BytesReserved - before;
    }
}
