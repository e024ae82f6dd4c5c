using System.CommandLine;
using System.Text.Json.Nodes;

namespace Crypson.Cli;

/// <summary><c>crypson devices</c>.</summary>
internal static class DevicesCommand
{
    public static Command Create(Terminal terminal)
    {
        var json = Options.Flag("--json", "Print the result as JSON.");
        var command = new ExampleCommand("devices", "List the devices that networks can run on.", "crypson devices") { json };
        command.SetAction(result => Run(terminal, result.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, bool json)
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (json)
        {
            JsonText.Write(new JsonArray(new JsonObject
            {
                ["name"] = Device.Cpu.Name,
                ["description"] = Device.Cpu.Description,
                ["threads"] = CpuDevice.Threads,
                ["memoryBytes"] = memory,
            }));
            return ExitCode.Done;
        }

        terminal.Table(new TextTable().Left("device").Left("description").Right("threads").Right("memory")
            .Row(Device.Cpu.Name, Device.Cpu.Description, $"{CpuDevice.Threads}", Format.Bytes(memory)));
        return ExitCode.Done;
    }
}
