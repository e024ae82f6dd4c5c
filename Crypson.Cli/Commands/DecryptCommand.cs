using System.CommandLine;
using Crypson.Messaging;

namespace Crypson.Cli;

/// <summary><c>crypson decrypt</c>.</summary>
internal static class DecryptCommand
{
    public static Command Create(Terminal terminal)
    {
        var input = Options.Input("INPUT", "The message file; standard input if left out or '-'.");
        var output = Options.Path("--output", "FILE", "Where the text goes; standard output if left out or '-'.", "-o");
        var model = Options.Path("--model", "FILE", "The model the message was made with; the shipped one if left out.");
        var threads = Options.Threads();
        var device = DeviceChoice.Option();
        var quiet = Options.Flag("--quiet", "Leave out notes and progress.", "-q");
        var command = new ExampleCommand("decrypt", "Read a message back: the bytes that went into 'crypson encrypt'.", "crypson decrypt note.crypson", "crypson decrypt < letter.crypson > letter.txt")
        {
            input, output, model, threads, device, quiet,
        };
        command.SetAction(result =>
        {
            terminal.Quiet = result.GetValue(quiet);
            Options.ApplyThreads(result.GetValue(threads));
            return Run(terminal, result.GetValue(input), result.GetValue(output), result.GetValue(model), new DeviceChoice(result.GetValue(device)));
        });
        return command;
    }

    private static int Run(Terminal terminal, string? input, string? output, string? modelPath, DeviceChoice device)
    {
        OutputFile.Check(terminal, output, OutputFile.IsStandard(input) ? null : input, binary: false);
        var message = Read(terminal, input);
        var model = ModelFiles.Load(modelPath);
        model.To(device.Use(terminal));
        var content = ProgressView.Show(terminal, view => new MessageDecoder(model).Decode(message, (done, total) => view.OnCount("reading letters", done, total)));
        OutputFile.Write(output, stream => stream.Write(content));
        if (OutputFile.IsStandard(output) && terminal.OutIsTerminal && content is not [.., (byte)'\n'])
        {
            // What comes next, a note or the shell, begins on its own line.
            terminal.Line();
        }

        return ExitCode.Done;
    }

    private static MessageFile Read(Terminal terminal, string? input)
    {
        using var stream = InputFile.Open(terminal, input);
        try
        {
            return MessageFile.Read(stream);
        }
        catch (MessageException e) when (!e.Message.Contains("\n  hint: ", StringComparison.Ordinal))
        {
            throw new MessageException($"{e.Message}\n  hint: get the file again from its sender; it has to arrive byte for byte");
        }
    }
}
