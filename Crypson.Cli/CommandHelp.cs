using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Crypson.Cli;

/// <summary>The usual help page, followed by the command's examples.</summary>
/// <param name="page">Writes the page.</param>
internal sealed class CommandHelp(HelpAction page) : SynchronousCommandLineAction
{
    private const int Width = 100;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        page.MaxWidth = Console.IsOutputRedirected ? Width : Math.Clamp(Console.WindowWidth, 60, Width);
        page.Invoke(parseResult);
        if (parseResult.CommandResult.Command is ExampleCommand { Examples.Count: > 0 } command)
        {
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine(command.Examples.Count == 1 ? "Example:" : "Examples:");
            foreach (var example in command.Examples)
            {
                output.WriteLine($"  {example}");
            }

            output.WriteLine();
        }

        return ExitCode.Done;
    }
}
