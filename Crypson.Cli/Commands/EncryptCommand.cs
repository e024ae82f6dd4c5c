using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Crypson.Messaging;

namespace Crypson.Cli;

/// <summary><c>crypson encrypt</c>.</summary>
internal static class EncryptCommand
{
    // Three symbols at most for a byte, so this never cuts off a message that would fit.
    private const int LongestInput = MessageFile.MaximumSymbols;

    // A random stream of its own for the start time that a seed gives.
    private const ulong StartTimeStream = 0x74696D65;

    public static Command Create(Terminal terminal)
    {
        var input = Options.Input("INPUT", "The file to encrypt; standard input if left out or '-'.");
        var output = Options.Path("--output", "FILE", "The message file; standard output if left out or '-'.", "-o");
        var text = Options.Text("--text", "TEXT", "Encrypt this text instead of a file.");
        var model = Options.Path("--model", "FILE", "The model, a .safetensors file or a run folder of 'train all'; the shipped one if left out.");
        var seed = Options.Unsigned("--seed", "Repeat the same drawings; unpredictable if left out.");
        var start = Options.Unsigned("--start-time", "Time step of the first letter; random if left out.");
        var threads = Options.Threads();
        var device = DeviceChoice.Option();
        var json = Options.Flag("--json", "Print what was written as JSON; needs -o.");
        var quiet = Options.Flag("--quiet", "Leave out notes and progress.", "-q");
        var command = new ExampleCommand(
            "encrypt",
            "Draw a text as handwritten letters and hide their latents behind the time embedding (the paper's mode). Any bytes come back exactly.",
            "echo 'Meet me at noon' | crypson encrypt -o note.crypson", "crypson encrypt letter.txt -o letter.crypson", "crypson encrypt --text Hi | crypson decrypt")
        {
            input, output, text, model, seed, start, threads, device, json, quiet,
        };
        command.SetAction(result =>
        {
            terminal.Quiet = result.GetValue(quiet);
            Options.ApplyThreads(result.GetValue(threads));
            return Run(terminal, new Request(
                result.GetValue(input), result.GetValue(output), result.GetValue(text), result.GetValue(model), result.GetValue(seed),
                result.GetValue(start), new DeviceChoice(result.GetValue(device)), result.GetValue(json)));
        });
        return command;
    }

    private static int Run(Terminal terminal, Request request)
    {
        if (request.Text is not null && request.Input is not null)
        {
            throw new UsageException("there are two messages, --text and a file\n  hint: give one of them");
        }

        if (request.Json && OutputFile.IsStandard(request.Output))
        {
            throw new UsageException("--json and the message cannot both go to standard output\n  hint: give -o FILE");
        }

        OutputFile.Check(terminal, request.Output, OutputFile.IsStandard(request.Input) ? null : request.Input, binary: true);
        var model = ModelFiles.Load(request.Model);
        var content = request.Text is { } text ? Encoding.UTF8.GetBytes(text) : InputFile.ReadAll(terminal, request.Input, LongestInput);
        var seed = request.Seed ?? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        var start = request.StartTime ?? new Philox(seed, StartTimeStream).NextUInt32();
        model.To(request.Device.Use(terminal));
        var message = ProgressView.Show(terminal, view => new MessageEncoder(model).Encode(
            content, start, new Philox(seed), (done, total) => view.OnCount("drawing letters", done, total)));
        OutputFile.Write(request.Output, message.Write);
        terminal.Note("paper mode: the mask is public, so whoever has the model can read this message");
        if (request.Json)
        {
            JsonText.Write(new JsonObject
            {
                ["file"] = request.Output,
                ["mode"] = "paper",
                ["bytes"] = content.Length,
                ["symbols"] = message.SymbolCount,
                ["startTime"] = message.StartTime,
                ["model"] = Convert.ToHexStringLower(message.ModelHash),
            });
        }

        return ExitCode.Done;
    }

    private sealed record Request(string? Input, string? Output, string? Text, string? Model, ulong? Seed, ulong? StartTime, DeviceChoice Device, bool Json);
}
