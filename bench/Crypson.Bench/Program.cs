using System.Globalization;
using Crypson.Bench.Kernels;
using Crypson.Bench.Steps;

// Crypson.Bench [--threads n] [--seconds s] [filter]: verifies, then times the CPU's products and convolutions.
// Crypson.Bench [--threads n] [--seconds s] steps: times whole training steps.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var options = new Dictionary<string, string>();
var filter = "";
for (var i = 0; i < args.Length; i++)
{
    if (args[i].StartsWith("--", StringComparison.Ordinal) && i + 1 < args.Length)
    {
        options[args[i]] = args[++i];
    }
    else
    {
        filter = args[i];
    }
}

if (options.TryGetValue("--threads", out var threads))
{
    Crypson.Cpu.Workers.ThreadCount = int.Parse(threads);
}

var seconds = options.TryGetValue("--seconds", out var text) ? double.Parse(text) : 0.3;
return filter == "steps" ? StepTable.Run(seconds) : KernelTable.Run(filter, seconds);
