using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Crypson;

/// <summary>The message for a kernel that a driver's compiler refused: its log, and the lines that it names.</summary>
internal static partial class BuildFailure
{
    public static string Message(string device, string kernel, string options, string text, string log)
    {
        var lines = text.Split('\n');
        var message = new StringBuilder($"{device}: kernel {kernel} did not build with {options}\n");
        message.Append(log.Trim()).Append('\n');
        foreach (var number in Position().Matches(log).Select(match => int.Parse(match.Groups["line"].Value, CultureInfo.InvariantCulture)).Distinct().Take(5))
        {
            if (number >= 1 && number <= lines.Length)
            {
                message.Append($"  line {number}: {lines[number - 1].Trim()}\n");
            }
        }

        return message.ToString().TrimEnd();
    }

    // clang: "file:12:5: error: ...", PoCL: "error: file:12:5: ...", NVRTC: "file(12): error: ...".
    [GeneratedRegex(@":(?<line>\d{1,6}):\d+: (?:fatal )?error|error: [^\n]*?:(?<line>\d{1,6}):\d+:|\((?<line>\d{1,6})\): error", RegexOptions.IgnoreCase)]
    private static partial Regex Position();
}
