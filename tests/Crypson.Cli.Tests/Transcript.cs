using System.Text;
using System.Text.RegularExpressions;

namespace Crypson.Cli.Tests;

/// <summary>
/// A session written down as text. <c>$ line</c> is typed; the lines after it are standard output, those with
/// <c>! </c> standard error, <c>? n</c> is the exit code where it is not 0. <c>*</c> stands for any text in a line, a line
/// <c>...</c> for any lines. <c>#</c> before the first command begins a comment.
/// </summary>
/// <param name="Steps">The commands with what is expected of them.</param>
internal sealed record Transcript(IReadOnlyList<Transcript.Step> Steps)
{
    /// <summary>Reads a transcript.</summary>
    public static Transcript Parse(IEnumerable<string> lines)
    {
        var steps = new List<Step>();
        foreach (var line in lines)
        {
            if (line.StartsWith("$ ", StringComparison.Ordinal))
            {
                steps.Add(new Step(line[2..], [], [], 0));
            }
            else if (steps.Count == 0)
            {
                Assert.True(line.Length == 0 || line[0] == '#', $"'{line}' stands before the first command");
            }
            else if (line.StartsWith("! ", StringComparison.Ordinal))
            {
                steps[^1].Error.Add(line[2..]);
            }
            else if (line.StartsWith("? ", StringComparison.Ordinal))
            {
                steps[^1] = steps[^1] with { Code = int.Parse(line[2..]) };
            }
            else
            {
                steps[^1].Output.Add(line);
            }
        }

        return new Transcript(steps);
    }

    /// <summary>Runs all commands in a folder; the differences in words, nothing when there are none.</summary>
    public async Task<string> Play(string folder)
    {
        var differences = new StringBuilder();
        foreach (var step in Steps)
        {
            var (code, output, error) = await Shell.Run(step.Command, folder);
            if (code != step.Code || !Fits(step.Output, output) || !Fits(step.Error, error))
            {
                differences.Append($"$ {step.Command}\n{output}{Regex.Replace(error, "(?m)^(?=.)", "! ")}? {code}\n");
            }
        }

        return differences.ToString();
    }

    private static bool Fits(IReadOnlyList<string> expected, string actual)
    {
        var pattern = string.Concat(expected.Select(line => line == "..." ? @"(?:.*\n)*?" : $"{Regex.Escape(line.TrimEnd()).Replace(@"\*", ".*")} *\n"));
        return Regex.IsMatch(actual.Length == 0 || actual[^1] == '\n' ? actual : actual + "\n", $@"\A{pattern}\z");
    }

    /// <summary>One command with its expected output, error output and exit code.</summary>
    public sealed record Step(string Command, List<string> Output, List<string> Error, int Code);
}
