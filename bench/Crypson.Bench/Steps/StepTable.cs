using System.Diagnostics;
using Crypson.Models;

namespace Crypson.Bench.Steps;

/// <summary>Times whole training steps and inference of the paper's models at batch 128: one row each, median and least.</summary>
internal static class StepTable
{
    private const int Batch = 128;
    private const int Warmup = 3;

    // Floating-point operations of a step as in the PyTorch peer: 2 per multiply-add of products and convolutions.
    private const double CganFlops = 92.3e9;
    private const double VaeFlops = 5.6e9;
    private const double ClassifierFlops = 1.2e9;

    public static int Run(double seconds)
    {
        Console.WriteLine($"threads {CpuDevice.Threads}, {seconds} s a row, batch {Batch}, synthesised handwriting");
        Console.WriteLine($"{"row",-28}{"median ms",11}{"least ms",11}{"GFLOP/s",10}");
        var letters = SynthesizedDataset.Train(ClassMapping.Balanced, 1, 12);
        var cgan = new CganTask(letters, new CganConfig { Epochs = int.MaxValue }, 1);
        Time("step/cgan", CganFlops, seconds, Steps(cgan));
        var vae = new VaeTask(letters, new VaeConfig(), 1);
        Time("step/vae", VaeFlops, seconds, Steps(vae));
        var latents = LatentDataset.Draw(cgan.Generator, vae.Vae, 4 * Batch, new Philox(1));
        Time("step/classifier", ClassifierFlops, seconds, Steps(new ClassifierTask(latents, vae.Vae, 47, new ClassifierConfig(), 1)));
        return 0;
    }

    // Every step must give finite losses; epochs follow one another for as long as somebody asks.
    private static Action Steps(TrainingTask task)
    {
        var steps = Endless(task).GetEnumerator();
        return () =>
        {
            steps.MoveNext();
            foreach (var (name, value) in steps.Current)
            {
                if (!double.IsFinite(value))
                {
                    throw new InvalidOperationException($"{task.Name}: {name} is {value}");
                }
            }
        };
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

    private static void Time(string name, double flops, double seconds, Action step)
    {
        for (var i = 0; i < Warmup; i++)
        {
            step();
        }

        var times = new List<double>();
        for (var start = Stopwatch.GetTimestamp(); times.Count == 0 || Stopwatch.GetElapsedTime(start).TotalSeconds < seconds;)
        {
            var before = Stopwatch.GetTimestamp();
            step();
            times.Add(Stopwatch.GetElapsedTime(before).TotalMilliseconds);
        }

        times.Sort();
        var median = times[times.Count / 2];
        Console.WriteLine($"{name,-28}{median,11:F2}{times[0],11:F2}{flops / median * 1e-6,10:F1}");
    }
}
