using System.CommandLine;
using System.CommandLine.Help;

namespace Crypson.Cli;

/// <summary>Parses the arguments and runs the command; every failure becomes one line, a hint and an exit code.</summary>
internal static class CommandLine
{
    private static readonly ParserConfiguration Parsing = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    /// <summary>Runs the program.</summary>
    public static int Run(string[] args, Terminal terminal)
    {
        try
        {
            var result = Root(terminal).Parse(args.Length == 0 ? ["--help"] : args, Parsing);
            UsageErrors.ThrowIfAny(result);
            return result.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception e)
        {
            return Failure.Report(terminal, e);
        }
        finally
        {
            if (terminal.Device is { } device and not CpuDevice)
            {
                terminal.Note($"device {device} ran {Format.Count(device.Launches)} kernels");
            }
        }
    }

    private static RootCommand Root(Terminal terminal)
    {
        var root = new RootCommand("Crypson: neural networks that draw, hide and read handwritten letters. Start with 'crypson demo'.")
        {
            DemoCommand.Create(terminal),
            TrainCommand.Create(terminal),
            EvalCommand.Create(terminal),
            SampleCommand.Create(terminal),
            EncryptCommand.Create(terminal),
            DecryptCommand.Create(terminal),
            DataCommand.Create(terminal),
            ModelCommand.Create(terminal),
            DevicesCommand.Create(terminal),
            BenchCommand.Create(terminal),
        };
        root.Directives.Clear();
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new CommandHelp((HelpAction)help.Action!);
        return root;
    }
}
