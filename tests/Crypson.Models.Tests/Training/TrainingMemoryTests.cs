namespace Crypson.Models.Tests.Training;

/// <summary>What training steps leave on the managed heap. Alone, because the counter belongs to the whole process.</summary>
[Collection("workers")]
public sealed class TrainingMemoryTests
{
    private const int Small = 16;
    private const int Large = 256;

    // The data loader's thread and the workers count too. A label array of the large batch alone would be 960 bytes more.
    [Theory]
    [InlineData("cgan")]
    [InlineData("vae")]
    [InlineData("classifier")]
    public void Managed_allocation_does_not_grow_with_the_batch(string task)
    {
        var small = AllocatedPerStep(task, Small);
        var large = AllocatedPerStep(task, Large);
        Assert.InRange(large, 0, small + 512);
    }

    private static long AllocatedPerStep(string task, int batch)
    {
        const int Steps = 20;
        const int Warm = 20;
        using var steps = Task(task, batch, (Warm + Steps + 4) * batch).Train(0, 0).GetEnumerator();
        Advance(Warm);
        var least = long.MaxValue;

        // The least of some parts: the runtime allocates on its own account now and then.
        for (var part = 0; part < 4; part++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            Advance(Steps / 4);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (Steps / 4));
        }

        return least;

        void Advance(int count)
        {
            for (var i = 0; i < count; i++)
            {
                Assert.True(steps.MoveNext());
            }
        }
    }

    private static TrainingTask Task(string task, int batch, int examples)
    {
        var classes = ClassMapping.Balanced;
        var images = new ImageDataset(new byte[examples * ImageDataset.PixelCount], [.. Enumerable.Range(0, examples).Select(i => (byte)(i % 47))], classes);
        switch (task)
        {
            case "cgan":
                return new CganTask(images, new() { BatchSize = batch, NoiseLength = 8, Channels = [8, 8, 8], Hidden = [16], ValidationFraction = 0 }, 1);
            case "vae":
                return new VaeTask(images, new() { BatchSize = batch, Hidden = [4, 4, 4, 4], ValidationFraction = 0 }, 1);
            default:
                var letters = new LatentDataset(new float[examples * 8], [.. Enumerable.Range(0, examples).Select(i => i % 47)], 8);
                return new ClassifierTask(
                    letters, new Vae(new Philox(0), [4, 4, 4, 4]), classes.Count, new() { BatchSize = batch, Wide = 16, ValidationFraction = 0 }, 1);
        }
    }
}
