using System.CommandLine;

namespace Crypson.Cli;

/// <summary>Says in our own words what the parser did not understand.</summary>
internal static class UsageErrors
{
    /// <summary>Throws the first complaint about a command line.</summary>
    /// <exception cref="UsageException">There is one.</exception>
    public static void ThrowIfAny(ParseResult result)
    {
        if (result.Errors.Count == 0)
        {
            return;
        }

        var command = result.CommandResult.Command;
        var path = Path(result);
        if (command.Subcommands.Count > 0)
        {
            throw result.UnmatchedTokens.Count == 0
                ? new UsageException($"{path}: a command is missing\n  hint: one of {string.Join(", ", command.Subcommands.Select(sub => sub.Name))}; see '{path} --help'")
                : Unknown(result.UnmatchedTokens[0], "command", command.Subcommands.Select(sub => sub.Name), path);
        }

        if (result.UnmatchedTokens.FirstOrDefault(token => token.Length > 1 && token[0] == '-') is { } option)
        {
            throw Unknown(option, "option", command.Options.Select(known => known.Name), path);
        }

        if (result.UnmatchedTokens.Count > 0)
        {
            throw new UsageException($"'{result.UnmatchedTokens[0]}' is one argument too many\n  hint: see '{path} --help'");
        }

        var message = result.Errors[0].Message.TrimEnd('.');
        message = char.ToLowerInvariant(message[0]) + message[1..];
        throw new UsageException(message.Contains('\n') ? message : $"{message}\n  hint: see '{path} --help'");
    }

    private static UsageException Unknown(string token, string kind, IEnumerable<string> known, string path) =>
        new($"there is no {kind} '{token}'\n  hint: {(Spelling.Nearest(token, known) is { } nearest ? $"did you mean '{nearest}'? " : string.Empty)}see '{path} --help'");

    private static string Path(ParseResult result)
    {
        var names = new List<string>();
        for (System.CommandLine.Parsing.SymbolResult? at = result.CommandResult; at is System.CommandLine.Parsing.CommandResult command; at = at.Parent)
        {
            names.Insert(0, command.Command is RootCommand ? "crypson" : command.Command.Name);
        }

        return string.Join(' ', names);
    }
}
