using System.CommandLine;
using System.Reflection;
using System.Text.Json.Nodes;
using Crypson.Benchmarks;
using Crypson.Nn;

namespace Crypson.Cli;

/// <summary><c>crypson bench</c>.</summary>
internal static class BenchCommand
{
    private const string All = "all";

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
        var device = Options.Text("--device", "NAME", "Time what this device does: cpu, opencl[:i], cuda[:i], a baseline (naive, mathnet), or all, also if left out.");
        var json = Options.Flag("--json", "Print the result as JSON.");
        var quiet = Options.Flag("--quiet", "Leave out notes.", "-q");
        var command = new ExampleCommand("bench", "Time the kernels, training steps and inference on this machine, each checked first.", "crypson bench", "crypson bench --only step,infer --json")
        {
            only, all, device, list, seconds, threads, json, quiet,
        };
        command.SetAction(result =>
        {
            terminal.Quiet = result.GetValue(quiet) || result.GetValue(list);
            Options.ApplyThreads(result.GetValue(threads));
            var selection = result.GetValue(only);
            if (selection is not null && result.GetValue(all))
            {
                throw new UsageException("--only and --all exclude each other\n  hint: give one of them");
            }

            var (devices, baseline) = Devices(terminal, result.GetValue(device));
            var catalog = BenchmarkCatalog.On(devices);
            var rows = selection is not null ? Select(catalog, selection)
                : result.GetValue(all) || result.GetValue(list) ? catalog
                : [.. catalog.Where(row => row.IsTypical)];
            if (result.GetValue(device) is { } name and not All)
            {
                var place = baseline ?? devices[0].Name;
                rows = [.. rows.Where(row => row.Device == place)];
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

    // The devices that have rows, and the baseline if only one was asked for.
    private static (IReadOnlyList<Device> Devices, string? Baseline) Devices(Terminal terminal, string? name) => name switch
    {
        null or All => ([.. DeviceList.All], null),
        "naive" or "mathnet" => ([Device.Cpu], name),
        _ => ([new DeviceChoice(name).Use(terminal)], null),
    };

    private static IReadOnlyList<BenchmarkRow> Select(IReadOnlyList<BenchmarkRow> catalog, string selection)
    {
        var parts = selection.Split(',', StringSplitOptions.TrimEntries);
        if (parts.FirstOrDefault(part => !catalog.Any(row => row.Fits(part))) is { } unknown)
        {
            var groups = catalog.Select(row => row.Group).Distinct().ToList();
            var nearest = Spelling.Nearest(unknown, groups.Concat(catalog.Select(row => row.Name)));
            throw new UsageException($"--only: no row begins with '{unknown}'\n  hint: {(nearest is null ? $"the groups are {string.Join(", ", groups)};" : $"did you mean '{nearest}'?")} see 'crypson bench --list'");
        }

        return [.. catalog.Where(row => parts.Any(row.Fits))];
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
        terminal.Note($"{machine}: {BenchTable.Describe(limits)}");
        var results = new List<BenchmarkResult>();
        foreach (var row in rows)
        {
            terminal.Note($"{row.Name} ({row.Device})");
            results.Add(Measure(row, seconds));
        }

        if (json)
        {
            JsonText.Write(ToJson(machine, limits, results));
        }
        else
        {
            BenchTable.Print(terminal, machine, limits, results);
        }

        return results.Any(result => result.Error is BenchmarkException) ? ExitCode.Failed : ExitCode.Done;
    }

    // An operation without a kernel, a driver's refusal or a wrong result is the row's, not the end of the table.
    private static BenchmarkResult Measure(BenchmarkRow row, double seconds)
    {
        try
        {
            return BenchmarkResult.Measure(row, seconds);
        }
        catch (Exception e) when (e is NotSupportedException or DriverException or OutOfMemoryException or BenchmarkException)
        {
            return BenchmarkResult.Failed(row, e);
        }
    }

    private static JsonObject ToJson(string machine, MachineLimits limits, List<BenchmarkResult> results) => new()
    {
        ["machine"] = machine,
        ["version"] = typeof(BenchCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
        ["threads"] = CpuDevice.Threads,
        ["fma_gflops"] = JsonText.Number(limits.FmaGigaFlops),
        ["copy_gbytes_s"] = JsonText.Number(limits.CopyGigaBytes),
        ["devices"] = Descriptions(results),
        ["results"] = new JsonArray([.. results.Select(result => new JsonObject
        {
            ["name"] = result.Row.Name,
            ["device"] = result.Row.Device,
            ["ms"] = JsonText.Number(result.Milliseconds),
            ["ms_min"] = JsonText.Number(result.LeastMilliseconds),
            ["gflops"] = JsonText.Number(result.GigaFlops),
            ["gbytes_s"] = JsonText.Number(result.GigaBytes),
            ["samples"] = result.Samples,
            ["memory_bytes"] = result.MemoryBytes > 0 ? result.MemoryBytes : null,
            ["error"] = result.Error?.Message,
        })]),
    };

    private static JsonObject Descriptions(List<BenchmarkResult> results)
    {
        var json = new JsonObject();
        foreach (var device in DeviceList.All.Where(device => results.Any(result => result.Row.Device == device.Name)))
        {
            json[device.Name] = device.Description;
        }

        return json;
    }

    // Linux tells the processor's name; elsewhere its kind has to do.
    private static string Processor()
    {
        const string Information = "/proc/cpuinfo";
        var line = File.Exists(Information) ? File.ReadLines(Information).FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':') + 1)..].Trim() ?? System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString();
    }
}
