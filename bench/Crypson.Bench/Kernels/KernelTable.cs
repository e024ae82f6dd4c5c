using System.Diagnostics;
using Crypson.Cpu;

namespace Crypson.Bench.Kernels;

/// <summary>
/// Prints one line per kernel: name, shape, time and GFLOP/s (the best of the repeats), the mean GFLOP per second of
/// processor time (which a busy neighbour disturbs less), and the cGAN step's sum.
/// </summary>
internal static class KernelTable
{
    private const int MinRepeats = 5;

    public static int Run(string filter, double seconds)
    {
        Console.WriteLine($"threads {Workers.ThreadCount}, best of the runs in {seconds} s, operands seeded");
        Console.WriteLine($"{"kernel",-58}{"best ms",10}{"median ms",11}{"GFLOP/s",10}{"per cpu s",11}");
        double stepTime = 0, stepFlops = 0;
        foreach (var create in KernelCases.All().Where(c => c.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)))
        {
            using var kernel = create.Create();
            kernel.Verify();
            var (times, processor) = Measure(kernel, seconds);
            var best = times[0];
            Console.WriteLine($"{create.Name,-58}{best * 1e3,10:F3}{times[times.Count / 2] * 1e3,11:F3}{kernel.Flops / best * 1e-9,10:F1}{kernel.Flops / processor * 1e-9,11:F1}");
            stepTime += kernel.PerStep * best;
            stepFlops += kernel.PerStep * kernel.Flops;
        }

        Console.WriteLine($"{"cGAN step, batch 128: sum of its kernels",-58}{stepTime * 1e3,10:F1}{"",11}{stepFlops / stepTime * 1e-9,10:F1}");
        return 0;
    }

    private static (List<double> Times, double Processor) Measure(KernelCase kernel, double seconds)
    {
        // Warm up for a third of the time: the first runs are not yet optimised code.
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalSeconds < seconds / 3;)
        {
            kernel.Run();
        }

        var times = new List<double>();
        var processor = Environment.CpuUsage.TotalTime;
        for (var start = Stopwatch.GetTimestamp();
             times.Count < MinRepeats || Stopwatch.GetElapsedTime(start).TotalSeconds < seconds;)
        {
            var before = Stopwatch.GetTimestamp();
            kernel.Run();
            times.Add(Stopwatch.GetElapsedTime(before).TotalSeconds);
        }

        processor = Environment.CpuUsage.TotalTime - processor;
        times.Sort();
        return (times, processor.TotalSeconds / times.Count);
    }
}
