using System.CommandLine;
using System.CommandLine.Parsing;
using Crypson.Nn;

namespace Crypson.Cli;

/// <summary>Says in our own words what the parser did not understand.</summary>
internal static class UsageErrors
{
    /// <summary>Throws the first complaint about a command line.</summary>
    /// <exception cref="UsageException">There is one.</exception>
    public static void ThrowIfAny(ParseResult result)
    {
        var command = result.CommandResult.Command;
        var path = Path(result);
        if (UnknownOption(result) is { } option)
        {
            throw Unknown(option, "option", command.Options.Select(known => known.Name), path);
        }

        if (result.Errors.Count == 0 || result.Action is { ClearsParseErrors: true })
        {
            return;
        }

        if (command.Subcommands.Count > 0)
        {
            throw result.UnmatchedTokens.Count == 0 || command.Subcommands.Any(sub => sub.Name == result.UnmatchedTokens[0])
                ? new UsageException($"{path}: a command is missing\n  hint: one of {string.Join(", ", command.Subcommands.Select(sub => sub.Name))}; see '{path} --help'")
                : Unknown(result.UnmatchedTokens[0], "command", command.Subcommands.Select(sub => sub.Name), path);
        }

        if (result.UnmatchedTokens.Count > 0)
        {
            throw new UsageException($"'{result.UnmatchedTokens[0]}' is one argument too many\n  hint: see '{path} --help'");
        }

        throw new UsageException($"{Describe(result.Errors[0])}\n  hint: see '{path} --help'");
    }

    private static string Describe(ParseError error)
    {
        if (error.SymbolResult is OptionResult { Tokens.Count: not 1 } result)
        {
            return result.Tokens.Count == 0 ? $"{result.Option.Name}: a value is missing" : $"{result.Option.Name} is given {result.Tokens.Count} times";
        }

        var message = error.Message.TrimEnd('.');
        return char.ToLowerInvariant(message[0]) + message[1..];
    }

    // The parser takes an unknown option for an argument; a file whose name begins with a dash stands behind "--".
    private static string? UnknownOption(ParseResult result) => result.Tokens.Any(token => token.Type == TokenType.DoubleDash)
        ? null
        : result.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens.Select(token => token.Value))
            .Concat(result.UnmatchedTokens).FirstOrDefault(token => token.Length > 1 && token[0] == '-');

    private static UsageException Unknown(string token, string kind, IEnumerable<string> known, string path) =>
        new($"there is no {kind} '{token}'\n  hint: {(Spelling.Nearest(token, known) is { } nearest ? $"did you mean '{nearest}'? " : string.Empty)}see '{path} --help'");

    private static string Path(ParseResult result)
    {
        var names = new List<string>();
        for (SymbolResult? at = result.CommandResult; at is CommandResult command; at = at.Parent)
        {
            names.Insert(0, command.Command is RootCommand ? "crypson" : command.Command.Name);
        }

        return string.Join(' ', names);
    }
}
