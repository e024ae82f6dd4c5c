using Crypson.Models;

namespace Crypson.Benchmarks;

/// <summary>Whole training steps at batch 128, by the trainers that <c>crypson train</c> uses, loading of data included.</summary>
internal static class StepRows
{
    private const int Batch = 128;
    private const int ImagesPerClass = 12;

    public static IEnumerable<BenchmarkRow> All()
    {
        yield return new BenchmarkRow("step/cgan", "cpu", ModelFlops.CganStep, 0, () => Work(new CganTask(Letters(), new CganConfig { Epochs = int.MaxValue, BatchSize = Batch }, 1))) { IsTypical = true };
        yield return new BenchmarkRow("step/vae", "cpu", ModelFlops.VaeStep, 0, () => Work(new VaeTask(Letters(), new VaeConfig { BatchSize = Batch }, 1))) { IsTypical = true };
        yield return new BenchmarkRow("step/classifier", "cpu", ModelFlops.ClassifierStep, 0, () =>
        {
            var vae = new VaeTask(Letters(), new VaeConfig { BatchSize = Batch }, 1).Vae;
            var generator = new Generator(ClassMapping.Balanced.Count, new Philox(1));
            return Work(new ClassifierTask(LatentDataset.Draw(generator, vae, 4 * Batch, new Philox(1)), vae, ClassMapping.Balanced.Count, new ClassifierConfig { BatchSize = Batch }, 1));
        })
        {
            IsTypical = true,
        };
    }

    private static ImageDataset Letters() => SynthesizedDataset.Train(ClassMapping.Balanced, 1, ImagesPerClass);

    private static BenchmarkWork Work(TrainingTask task)
    {
        var steps = Endless(task).GetEnumerator();
        return new BenchmarkWork(() => steps.MoveNext(), () =>
        {
            steps.MoveNext();
            foreach (var (name, value) in steps.Current)
            {
                if (!double.IsFinite(value))
                {
                    throw new InvalidOperationException($"{task.Name}: {name} is {value}");
                }
            }
        });
    }

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
