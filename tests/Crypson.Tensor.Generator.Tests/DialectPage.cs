using System.Text.RegularExpressions;

namespace Crypson.Tests;

/// <summary>docs/kernel-dialect.md, as the tests read it.</summary>
internal static partial class DialectPage
{
    private static readonly string Text = Read();

    /// <summary>The cells of the rows of a section's tables, without the heads.</summary>
    public static IReadOnlyList<string[]> Rows(string section)
    {
        var start = Text.IndexOf($"\n## {section}\n", StringComparison.Ordinal);
        var end = Text.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return [.. Text[start..end].Split('\n').Where(line => line.StartsWith('|') && !line.StartsWith("|---", StringComparison.Ordinal))
            .Skip(1).Select(line => line.Trim('|').Split(" | ").Select(cell => cell.Trim(' ', '|')).ToArray())];
    }

    /// <summary>What stands between backticks.</summary>
    public static IEnumerable<string> Code(string cell) => BetweenBackticks().Matches(cell).Select(match => match.Groups[1].Value);

    /// <summary>The blocks of C# that hold a kernel.</summary>
    public static IEnumerable<string> Kernels => Blocks().Matches(Text).Select(match => match.Groups[1].Value).Where(block => block.Contains("[Kernel"));

    // A resource, because the tests also run where the source is not.
    private static string Read()
    {
        using var reader = new StreamReader(typeof(DialectPage).Assembly.GetManifestResourceStream("kernel-dialect.md")!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex BetweenBackticks();

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
