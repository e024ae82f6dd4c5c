using System.CommandLine;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Crypson.Benchmarks;
using Crypson.Nn;

namespace Crypson.Cli;

/// <summary><c>crypson bench</c>.</summary>
internal static class BenchCommand
{
    // Seconds of samples per row: the short table stays below a minute with the first, the others are for figures to quote.
    private const double ShortSeconds = 0.4;
    private const double LongSeconds = 1.5;

    public static Command Create(Terminal terminal)
    {
        var only = Options.Text("--only", "GROUPS", "Time these groups, or rows that begin so, joined by commas: step,infer or gemm/512. A short table if left out.");
        var all = Options.Flag("--all", "Time every row.");
        var list = Options.Flag("--list", "List the rows and time nothing.");
        var seconds = Options.Positive("--seconds", "Seconds of samples per row; 0.4 for the short table, else 1.5 if left out.");
        var threads = Options.Threads();
        var device = Options.Choice("--device", "Time what this device does; all devices if left out.", [.. BenchmarkCatalog.Rows.Select(row => row.Device).Distinct()]);
        var json = Options.Flag("--json", "Print the result as JSON.");
        var quiet = Options.Flag("--quiet", "Leave out notes.", "-q");
        var command = new ExampleCommand("bench", "Time the kernels, training steps and inference on this machine, each checked first.", "crypson bench", "crypson bench --only step,infer --json")
        {
            only, all, device, list, seconds, threads, json, quiet,
        };
        command.SetAction(result =>
        {
            terminal.Quiet = result.GetValue(quiet);
            Options.ApplyThreads(result.GetValue(threads));
            var selection = result.GetValue(only);
            if (selection is not null && result.GetValue(all))
            {
                throw new UsageException("--only and --all exclude each other\n  hint: give one of them");
            }

            var rows = selection is not null ? Select(selection)
                : result.GetValue(all) || result.GetValue(list) ? BenchmarkCatalog.Rows
                : [.. BenchmarkCatalog.Rows.Where(row => row.IsTypical)];
            if (result.GetValue(device) is { } name)
            {
                rows = [.. rows.Where(row => row.Device == name)];
                if (rows.Count == 0)
                {
                    throw new UsageException($"--device: {name} has none of these rows\n  hint: see 'crypson bench --list --device {name}'");
                }
            }

            if (result.GetValue(list))
            {
                List(terminal, rows, result.GetValue(json));
                return ExitCode.Done;
            }

            var isShort = selection is null && !result.GetValue(all);
            return Run(terminal, rows, result.GetValue(seconds) ?? (isShort ? ShortSeconds : LongSeconds), result.GetValue(json));
        });
        return command;
    }

    private static IReadOnlyList<BenchmarkRow> Select(string selection)
    {
        var parts = selection.Split(',', StringSplitOptions.TrimEntries);
        if (parts.FirstOrDefault(part => !BenchmarkCatalog.Rows.Any(row => row.Fits(part))) is { } unknown)
        {
            var groups = BenchmarkCatalog.Rows.Select(row => row.Group).Distinct().ToList();
            var nearest = Spelling.Nearest(unknown, groups.Concat(BenchmarkCatalog.Rows.Select(row => row.Name)));
            throw new UsageException($"--only: no row begins with '{unknown}'\n  hint: {(nearest is null ? $"the groups are {string.Join(", ", groups)};" : $"did you mean '{nearest}'?")} see 'crypson bench --list'");
        }

        return [.. BenchmarkCatalog.Rows.Where(row => parts.Any(row.Fits))];
    }

    private static void List(Terminal terminal, IReadOnlyList<BenchmarkRow> rows, bool json)
    {
        if (json)
        {
            JsonText.Write(new JsonArray([.. rows.Select(row => new JsonObject { ["name"] = row.Name, ["device"] = row.Device })]));
            return;
        }

        var table = new TextTable().Left("row").Left("device");
        foreach (var row in rows)
        {
            table.Row(row.Name, row.Device);
        }

        terminal.Table(table);
    }

    private static int Run(Terminal terminal, IReadOnlyList<BenchmarkRow> rows, double seconds, bool json)
    {
        var limits = MachineLimits.Measure(CpuDevice.Threads);
        var machine = $"{Processor()}, {CpuDevice.Threads} {(CpuDevice.Threads == 1 ? "thread" : "threads")}, {MachineLimits.InstructionSet}";
        terminal.Note($"{machine}: {Describe(limits)}");
        var results = new List<BenchmarkResult>();
        foreach (var row in rows)
        {
            terminal.Note($"{row.Name} ({row.Device})");
            results.Add(BenchmarkResult.Measure(row, seconds));
        }

        if (json)
        {
            JsonText.Write(ToJson(machine, limits, results));
        }
        else
        {
            Print(terminal, machine, limits, results);
        }

        return ExitCode.Done;
    }

    // A row that counts operations is held against the multiply-adds, another against the copy.
    private static void Print(Terminal terminal, string machine, MachineLimits limits, List<BenchmarkResult> results)
    {
        var table = new TextTable().Left("row").Left("device").Right("median ms").Right("rate").Right("of limit");
        foreach (var result in results)
        {
            var (rate, unit, limit) = result.Row.Flops > 0 ? (result.GigaFlops, "GFLOP/s", limits.FmaGigaFlops) : (result.GigaBytes, "GB/s   ", limits.CopyGigaBytes);
            table.Row(result.Row.Name, result.Row.Device, Digits(result.Milliseconds), $"{Digits(rate)} {unit}", $"{100 * rate / limit:F0} %");
        }

        terminal.Table(table);
        terminal.Line(machine);
        terminal.Line($"Limits, measured: {Describe(limits)}.");
        terminal.Line("Above 100 %: a kernel needs fewer operations than the plain algorithm, its");
        terminal.Line("operands lie in a cache, or it writes where it has read, unlike a copy.");
    }

    private static string Describe(MachineLimits limits) => $"{limits.FmaGigaFlops:F0} GFLOP/s of fused multiply-adds, {limits.CopyGigaBytes:F1} GB/s of copying";

    // Four digits.
    private static string Digits(double value) => value.ToString(value < 10 ? "F3" : value < 100 ? "F2" : "F1", CultureInfo.InvariantCulture);

    private static JsonObject ToJson(string machine, MachineLimits limits, List<BenchmarkResult> results) => new()
    {
        ["machine"] = machine,
        ["version"] = typeof(BenchCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
        ["threads"] = CpuDevice.Threads,
        ["fma_gflops"] = JsonText.Number(limits.FmaGigaFlops),
        ["copy_gbytes_s"] = JsonText.Number(limits.CopyGigaBytes),
        ["results"] = new JsonArray([.. results.Select(result => new JsonObject
        {
            ["name"] = result.Row.Name,
            ["device"] = result.Row.Device,
            ["ms"] = JsonText.Number(result.Milliseconds),
            ["ms_min"] = JsonText.Number(result.LeastMilliseconds),
            ["gflops"] = JsonText.Number(result.GigaFlops),
            ["gbytes_s"] = JsonText.Number(result.GigaBytes),
            ["samples"] = result.Samples,
        })]),
    };

    // Linux tells the processor's name; elsewhere its kind has to do.
    private static string Processor()
    {
        const string Information = "/proc/cpuinfo";
        var line = File.Exists(Information) ? File.ReadLines(Information).FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':') + 1)..].Trim() ?? System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString();
    }
}
