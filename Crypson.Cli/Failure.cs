using System.Text.Json;
using Crypson.Messaging;
using Crypson.Models;
using Crypson.Nn;

namespace Crypson.Cli;

/// <summary>Turns an exception into an error line, a hint and an exit code.</summary>
internal static class Failure
{
    private const string HintMark = "\n  hint: ";
    private const string MemoryHint = "use a smaller --batch-size, or fewer images";

    // errno values in the low half of an IOException's HResult on Unix; the high half is set on Windows.
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Prints what went wrong and returns the exit code.</summary>
    public static int Report(Terminal terminal, Exception exception)
    {
        if (exception is AggregateException { InnerExceptions.Count: 1 } wrapper)
        {
            exception = wrapper.InnerExceptions[0];
        }

        if (exception is OperationCanceledException)
        {
            terminal.Say("error", "interrupted");
            return ExitCode.Interrupted;
        }

        var (message, hint) = Describe(exception);
        terminal.Say("error", message);
        if (hint is not null)
        {
            terminal.Say("hint", hint);
        }

        return exception is UsageException ? ExitCode.Usage : ExitCode.Failed;
    }

    /// <summary>The error line and the hint, if there is one.</summary>
    internal static (string Message, string? Hint) Describe(Exception exception) => exception switch
    {
        SafetensorsException => Part(exception.Message, "the file is damaged or not meant for this; get it again, or train again"),
        UsageException => Part(exception.Message, "see 'crypson --help'"),
        DataException or MessageException or JsonException => Part(exception.Message),
        IOException when exception.HResult is NoSpace or WindowsDiskFull => (Plain(exception), "free some space, or write to another disk"),
        IOException when exception.HResult is ReadOnlyFileSystem => (Plain(exception), "choose a place you may write to"),
        PathTooLongException => (Plain(exception), "choose a shorter name"),
        FileNotFoundException { FileName: { } file } when AtomicFile.TemporaryEnding().IsMatch(file) =>
            ($"'{AtomicFile.TemporaryEnding().Replace(file, string.Empty)}' cannot be written", "choose another place"),
        FileNotFoundException { FileName: { } file } => ($"there is no file '{file}'", "check the name"),
        FileNotFoundException => Part(exception.Message),
        UnauthorizedAccessException => (Plain(exception), "choose a place you may write to, or a file you may read"),
        IOException => Part(Plain(exception), "check the name, and that the place can be read and written"),
        OutOfMemoryException when exception.Message.IndexOf("; use a smaller batch", StringComparison.Ordinal) is > 0 and var end =>
            (exception.Message[..end], MemoryHint),
        OutOfMemoryException => ("there is not enough memory", MemoryHint),
        ArgumentException { ParamName: { } name } => Part(exception.Message.Replace($" (Parameter '{name}')", string.Empty, StringComparison.Ordinal)),
        DriverException => (exception.Message, "see what 'crypson devices' says, or compute with --device cpu"),
        NotSupportedException when exception.Message.IndexOf("; move the operands", StringComparison.Ordinal) is > 0 and var end =>
            (exception.Message[..end], "compute with --device cpu"),
        ArgumentException or NotSupportedException => Part(exception.Message),
        _ => ($"{exception.GetType().Name}: {exception.Message}", "this is a defect of crypson; please report it with the command line"),
    };

    private static (string Message, string? Hint) Part(string text, string? otherwise = null) => text.IndexOf(HintMark, StringComparison.Ordinal) switch
    {
        < 0 => (text, otherwise),
        var at => (text[..at], text[(at + HintMark.Length)..]),
    };

    // The runtime's sentences, in our style.
    private static string Plain(Exception exception)
    {
        var text = AtomicFile.TemporaryEnding().Replace(exception.Message, string.Empty).Replace(" : '", ": '", StringComparison.Ordinal).TrimEnd('.');
        return text.Length == 0 ? exception.GetType().Name : char.ToLowerInvariant(text[0]) + text[1..];
    }
}
