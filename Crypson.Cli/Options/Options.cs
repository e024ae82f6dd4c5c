using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Crypson.Cli;

/// <summary>Makes options that say in our own words what they expect.</summary>
internal static class Options
{
    /// <summary>An option with the name of a file or folder.</summary>
    public static Option<string?> Path(string name, string value, string description, params string[] aliases)
    {
        var option = Text(name, value, description, aliases);
        option.Validators.Add(result => RequireName(result, name));
        return option;
    }

    /// <summary>An argument with the name of a file, which may be left out.</summary>
    public static Argument<string?> Input(string name, string description)
    {
        var argument = new Argument<string?>(name) { Arity = ArgumentArity.ZeroOrOne, Description = description };
        argument.Validators.Add(result => RequireName(result, "the input"));
        return argument;
    }

    /// <summary>An option with a text.</summary>
    public static Option<string?> Text(string name, string value, string description, params string[] aliases) =>
        new(name, aliases) { HelpName = value, Description = description, Arity = ArgumentArity.ExactlyOne };

    /// <summary>An option that may be given several times.</summary>
    public static Option<string[]> Texts(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description, Arity = new ArgumentArity(1, 1000), AllowMultipleArgumentsPerToken = false };

    /// <summary>An option without a value.</summary>
    public static Option<bool> Flag(string name, string description, params string[] aliases) =>
        new(name, aliases) { Description = description, Arity = ArgumentArity.Zero };

    /// <summary>An option with a whole number in a range.</summary>
    public static Option<long?> Integer(string name, string description, long minimum, long maximum = long.MaxValue) =>
        Parsed<long?>(name, "N", description, text =>
            !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? (null, "a whole number")
            : value < minimum || value > maximum
                ? (null, maximum is long.MaxValue or int.MaxValue ? $"a whole number of {minimum} or more" : $"a whole number of {minimum} to {maximum}")
                : (value, null));

    /// <summary>An option with a whole number of 0 to 2^64 - 1.</summary>
    public static Option<ulong?> Unsigned(string name, string description) =>
        Parsed<ulong?>(name, "N", description, text =>
            ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? (value, null) : (null, "a whole number of 0 to 2^64 - 1"));

    /// <summary>An option with a number above 0.</summary>
    public static Option<double?> Positive(string name, string description) =>
        Parsed<double?>(name, "X", description, text =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0 && double.IsFinite(value)
                ? (value, null)
                : (null, "a number above 0, such as 0.0002"));

    /// <summary>An option with one of a few words.</summary>
    public static Option<string?> Choice(string name, string description, params string[] choices) =>
        Parsed<string?>(name, string.Join('|', choices), description, text =>
            choices.Contains(text) ? (text, null) : (null, $"one of {string.Join(", ", choices)}"));

    /// <summary>An option with a time such as 90s, 10m, 1h30m.</summary>
    public static Option<TimeSpan?> Time(string name, string description) =>
        Parsed<TimeSpan?>(name, "TIME", description, text => ParseTime(text) is { } time ? (time, null) : (null, "a time such as 90s, 10m or 1h30m"));

    /// <summary><c>--threads</c>.</summary>
    public static Option<long?> Threads() => Integer("--threads", "Processor threads to use; all if left out. Results do not depend on it.", 1, 1024);

    /// <summary>Sets the number of threads, if one was given.</summary>
    public static void ApplyThreads(long? threads) => CpuDevice.Threads = (int?)threads ?? CpuDevice.Threads;

    private static Option<T> Parsed<T>(string name, string value, string description, Func<string, (T Value, string? Expected)> parse)
    {
        T Parse(ArgumentResult result)
        {
            var text = result.Tokens[^1].Value;
            var (parsed, expected) = parse(text);
            if (expected is not null)
            {
                result.AddError($"{name}: '{text}' is not {expected}");
            }

            return parsed;
        }

        return new Option<T>(name) { HelpName = value, Description = description, Arity = ArgumentArity.ExactlyOne, CustomParser = Parse };
    }

    private static void RequireName(SymbolResult result, string name)
    {
        if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
        {
            result.AddError($"{name}: the name is empty");
        }
    }

    private static TimeSpan? ParseTime(string text)
    {
        var total = TimeSpan.Zero;
        var digits = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsAsciiDigit(text[i]) && i - digits < 6)
            {
                continue;
            }

            if (i == digits || text[i] is not ('s' or 'm' or 'h'))
            {
                return null;
            }

            var number = int.Parse(text.AsSpan(digits, i - digits), CultureInfo.InvariantCulture);
            total += text[i] switch { 's' => TimeSpan.FromSeconds(number), 'm' => TimeSpan.FromMinutes(number), _ => TimeSpan.FromHours(number) };
            digits = i + 1;
        }

        return digits == text.Length && total > TimeSpan.Zero ? total : null;
    }
}
