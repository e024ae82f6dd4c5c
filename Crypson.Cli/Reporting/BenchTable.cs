using System.Globalization;
using Crypson.Benchmarks;

namespace Crypson.Cli;

/// <summary>The table of <c>crypson bench</c>: a line per row, a column per device.</summary>
internal static class BenchTable
{
    private const string MissingKernel = "there is no kernel";
    private static readonly string[] Baselines = ["naive", "mathnet"];

    /// <summary>Prints it, with what failed below.</summary>
    public static void Print(Terminal terminal, string machine, MachineLimits limits, List<BenchmarkResult> results)
    {
        var devices = results.Select(result => result.Row.Device).Distinct().OrderBy(device => Array.IndexOf(Baselines, device) is >= 0 and var place ? place : Baselines.Length).ToList();
        var table = new TextTable().Left("row");
        devices.ForEach(device => table.Right($"{device} ms"));
        table.Right("best rate").Right("by");
        if (devices.Contains("cpu"))
        {
            table.Right("cpu of limit");
        }

        foreach (var group in results.GroupBy(result => result.Row.Name))
        {
            var line = new List<string> { group.Key };
            line.AddRange(devices.Select(device => Cell(group.FirstOrDefault(result => result.Row.Device == device))));
            var best = group.Where(result => result.Error is null).MinBy(result => result.Milliseconds);
            line.AddRange(best is null ? ["", ""] : [Rate(best), best.Row.Device]);
            if (devices.Contains("cpu"))
            {
                line.Add(group.FirstOrDefault(result => result.Row.Device == "cpu" && result.Error is null) is { } cpu ? $"{100 * Share(cpu, limits):F0} %" : "");
            }

            table.Row([.. line]);
        }

        terminal.Table(table);
        foreach (var message in results.Where(result => result.Error is not null).Select(result => $"{result.Row.Device}: {result.Row.Name}: {Message(result.Error!)}"))
        {
            terminal.Line(message);
        }

        terminal.Line(machine);
        foreach (var device in DeviceList.All.Where(device => device is not CpuDevice && devices.Contains(device.Name)))
        {
            terminal.Line($"{device.Name}: {device.Description}");
        }

        terminal.Line($"Limits of the cpu, measured: {Describe(limits)}.");
        terminal.Line("Above 100 %: a kernel needs fewer operations than the plain algorithm, its");
        terminal.Line("operands lie in a cache, or it writes where it has read, unlike a copy.");
    }

    /// <summary>What the processor allows, in words.</summary>
    public static string Describe(MachineLimits limits) => $"{limits.FmaGigaFlops:F0} GFLOP/s of fused multiply-adds, {limits.CopyGigaBytes:F1} GB/s of copying";

    /// <summary>A time, or in a word or two why there is none; empty if nobody asked.</summary>
    internal static string Cell(BenchmarkResult? result) => result switch
    {
        null => "",
        { Error: null } => Digits(result.Milliseconds),
        { Error: BenchmarkException } => "wrong result",
        { Error: NotSupportedException error } when error.Message.IndexOf(MissingKernel, StringComparison.Ordinal) is var end and >= 0 =>
            $"no kernel {error.Message[..end].TrimEnd(' ', ':')}".TrimEnd(),
        { Error: OutOfMemoryException } => "out of memory",
        _ => "failed",
    };

    // Advice for those who write programs is of no use here.
    private static string Message(Exception error) => error.Message.Split("; move the operands")[0];

    // A row that counts operations is held against the multiply-adds, another against the copy.
    private static double Share(BenchmarkResult result, MachineLimits limits) =>
        result.Row.Flops > 0 ? result.GigaFlops / limits.FmaGigaFlops : result.GigaBytes / limits.CopyGigaBytes;

    private static string Rate(BenchmarkResult result) => result.Row.Flops > 0 ? $"{Digits(result.GigaFlops)} GFLOP/s" : $"{Digits(result.GigaBytes)} GB/s   ";

    // Four digits.
    private static string Digits(double value) => value.ToString(value < 10 ? "F3" : value < 100 ? "F2" : "F1", CultureInfo.InvariantCulture);
}
