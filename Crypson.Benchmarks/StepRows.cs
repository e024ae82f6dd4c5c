using Crypson.Models;

namespace Crypson.Benchmarks;

/// <summary>Whole training steps at batch 128, by the trainers that <c>crypson train</c> uses, loading of data included.</summary>
internal static class StepRows
{
    private const int Batch = 128;
    private const int ImagesPerClass = 12;

    public static IEnumerable<BenchmarkRow> All()
    {
        yield return new BenchmarkRow("step/cgan", "cpu", ModelFlops.CganStep, 0, () => Work(Cgan)) { IsTypical = true };
        yield return new BenchmarkRow("step/vae", "cpu", ModelFlops.VaeStep, 0, () => Work(Vae)) { IsTypical = true };
        yield return new BenchmarkRow("step/classifier", "cpu", ModelFlops.ClassifierStep, 0, () => Work(Classifier)) { IsTypical = true };
    }

    private static CganTask Cgan() => new(Letters(), new CganConfig { Epochs = int.MaxValue, BatchSize = Batch }, 1);

    private static VaeTask Vae() => new(Letters(), new VaeConfig { BatchSize = Batch }, 1);

    private static ClassifierTask Classifier()
    {
        var (vae, classes) = (Vae().Vae, ClassMapping.Balanced.Count);
        var latents = LatentDataset.Draw(new Generator(classes, new Philox(1)), vae, 4 * Batch, new Philox(1));
        return new ClassifierTask(latents, vae, classes, new ClassifierConfig { BatchSize = Batch }, 1);
    }

    private static ImageDataset Letters() => SynthesizedDataset.Train(ClassMapping.Balanced, 1, ImagesPerClass);

    // Two runs from one seed, one of them on a single thread, must tell the same losses to the last bit. That the
    // losses are the right ones is what the golden tests of the models establish.
    private static BenchmarkWork Work(Func<TrainingTask> create)
    {
        var steps = Endless(create()).GetEnumerator();
        return new BenchmarkWork(() => steps.MoveNext(), () =>
        {
            var actual = FirstStep(create());
            var threads = CpuDevice.Threads;
            try
            {
                CpuDevice.Threads = 1;
                var expected = FirstStep(create());
                return [new BenchmarkCheck("losses of a step", actual, element => (expected[element], 0))];
            }
            finally
            {
                CpuDevice.Threads = threads;
            }
        });
    }

    private static float[] FirstStep(TrainingTask task) => [.. task.Train(0, 0).First().Select(metric => (float)metric.Value)];

    private static IEnumerable<MetricValues> Endless(TrainingTask task)
    {
        for (var epoch = 0; ; epoch++)
        {
            foreach (var values in task.Train(epoch, 0))
            {
                yield return values;
            }
        }
    }
}
