using Crypson.Models;

namespace Crypson.Benchmarks;

/// <summary>Whole training steps by the trainers that <c>crypson train</c> uses, loading of data included.</summary>
internal static class StepRows
{
    private const int Batch = 128;
    private const int LargeBatch = 1024;
    private const int ImagesPerClass = 12;

    // An epoch's beginning, with its first batch, is not part of a step: an epoch has some 30 of them.
    private const int Repeats = 8;

    // Two devices round sums in other orders: losses of a step may differ in their last digits.
    private const double DeviceTolerance = 1e-4;

    // Of the check's own scale, 3e-6 of the magnitude.
    private const double MagnitudePerTolerance = DeviceTolerance / 3e-6;

    public static IEnumerable<BenchmarkRow> All(IReadOnlyList<Device> devices) => Rows("step", Batch, devices).Concat(Rows("step1024", LargeBatch, devices));

    private static IEnumerable<BenchmarkRow> Rows(string group, int batch, IReadOnlyList<Device> devices)
    {
        (string Name, double Flops, Func<int, Device, TrainingTask> Create)[] tasks =
            [("cgan", ModelFlops.CganStep, Cgan), ("vae", ModelFlops.VaeStep, Vae), ("classifier", ModelFlops.ClassifierStep, Classifier)];
        foreach (var (name, flops, create) in tasks)
        {
            foreach (var device in devices)
            {
                yield return new BenchmarkRow($"{group}/{name}", device.Name, flops * batch / Batch, 0, () => Work(place => create(batch, place), device)) { IsTypical = batch == Batch };
            }
        }
    }

    private static CganTask Cgan(int batch, Device device) => new(Letters(batch), new CganConfig { Epochs = int.MaxValue, BatchSize = batch }, 1, device);

    private static VaeTask Vae(int batch, Device device) => new(Letters(batch), new VaeConfig { BatchSize = batch }, 1, device);

    private static ClassifierTask Classifier(int batch, Device device)
    {
        var (vae, classes) = (Vae(Batch, Device.Cpu).Vae, ClassMapping.Balanced.Count);
        var drawn = LatentDataset.Draw(new Generator(classes, new Philox(1)), vae, 4 * batch, new Philox(1));
        var latents = new LatentDataset(Repeat(drawn.Latents), Repeat(drawn.Labels), drawn.Width);
        return new ClassifierTask(latents, vae, classes, new ClassifierConfig { BatchSize = batch }, 1, device);
    }

    private static ImageDataset Letters(int batch)
    {
        var drawn = SynthesizedDataset.Train(ClassMapping.Balanced, 1, ImagesPerClass * batch / Batch);
        return drawn.Subset(Repeat([.. Enumerable.Range(0, drawn.Count)]));
    }

    private static T[] Repeat<T>(T[] values) => [.. Enumerable.Repeat(values, Repeats).SelectMany(some => some)];

    // Two runs from one seed must tell the same losses: on the CPU with all threads and with one to the last bit, on another
    // device and on the CPU nearly. That the losses are the right ones is what the golden tests of the models establish.
    private static BenchmarkWork Work(Func<Device, TrainingTask> create, Device device)
    {
        var steps = Endless(create(device)).GetEnumerator();
        return new BenchmarkWork(() => steps.MoveNext(), () =>
        {
            var actual = FirstStep(create(device));
            var threads = CpuDevice.Threads;
            try
            {
                CpuDevice.Threads = device is CpuDevice ? 1 : threads;
                var expected = FirstStep(create(Device.Cpu));
                return [new BenchmarkCheck("losses of a step", actual, element =>
                    (expected[element], device is CpuDevice ? 0 : MagnitudePerTolerance * Math.Abs(expected[element])))];
            }
            finally
            {
                CpuDevice.Threads = threads;
            }
        }, device);
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
