using System.CommandLine;
using System.Text.Json.Nodes;

namespace Crypson.Cli;

/// <summary><c>crypson devices</c>.</summary>
internal static class DevicesCommand
{
    public static Command Create(Terminal terminal)
    {
        var json = Options.Flag("--json", "Print the result as JSON.");
        var command = new ExampleCommand("devices", "List the devices that networks can run on, and why others are not there.", "crypson devices") { json };
        command.SetAction(result => Run(terminal, result.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, bool json)
    {
        var states = DeviceList.Reports.Select(report => new State(report.Name, report.Device, report.Device is { } device ? KernelTrial.Fault(device) : report.Reason)).ToList();
        if (json)
        {
            JsonText.Write(new JsonArray([.. states.Select(state => state.ToJson())]));
            return ExitCode.Done;
        }

        var table = new TextTable().Left("device").Left("kind").Left("model").Left("vendor").Right("units").Right("memory").Left("software").Left("kernels");
        foreach (var (name, device, fault) in states)
        {
            table.Row(device?.Info is not { } info
                ? [name, "not available", "", "", "", "", "", ""]
                : [name, Kind(info), info.Model, info.Vendor, $"{info.ComputeUnits}", Format.Bytes(info.MemoryBytes), info.Software, fault is null ? "yes" : "no"]);
        }

        terminal.Table(table);
        foreach (var state in states.Where(state => state.Fault is not null))
        {
            terminal.Line($"{state.Name}: {(state.Device is null ? "not available" : "kernels fail")}: {state.Fault}");
        }

        return ExitCode.Done;
    }

    private static string Kind(DeviceInfo info) => info.Kind switch { DeviceKind.Cpu => "CPU", DeviceKind.Gpu => "GPU", _ => "accelerator" };

    /// <param name="Name">The device's or the driver's.</param>
    /// <param name="Device">Null if there is none.</param>
    /// <param name="Fault">Why there is none, or why kernels fail; null if all is well.</param>
    private sealed record State(string Name, Device? Device, string? Fault)
    {
        public JsonObject ToJson()
        {
            var json = new JsonObject { ["name"] = Name, ["available"] = Device is not null };
            if (Device?.Info is { } info)
            {
                json["kind"] = Kind(info);
                json["model"] = info.Model;
                json["vendor"] = info.Vendor;
                json["computeUnits"] = info.ComputeUnits;
                json["memoryBytes"] = info.MemoryBytes;
                json["software"] = info.Software;
            }

            if (Device is CpuDevice)
            {
                json["threads"] = CpuDevice.Threads;
            }

            json["kernels"] = Fault is null;
            json["reason"] = Fault;
            return json;
        }
    }
}
