using System.Text;
using Spectre.Console;

namespace Crypson.Cli;

/// <summary>Standard output for results, standard error for everything else; each plain text unless it is a terminal.</summary>
internal sealed class Terminal
{
    private Terminal(bool outIsTerminal, bool errorIsTerminal)
    {
        (OutIsTerminal, ErrorIsTerminal) = (outIsTerminal, errorIsTerminal);
        Out = Open(Console.Out, outIsTerminal);
        Error = Open(Console.Error, errorIsTerminal);
    }

    /// <summary>For results.</summary>
    public IAnsiConsole Out { get; }

    /// <summary>For progress, notes and errors.</summary>
    public IAnsiConsole Error { get; }

    /// <summary>Whether somebody looks at the results as they come.</summary>
    public bool OutIsTerminal { get; }

    /// <summary>Whether somebody looks at the progress as it comes.</summary>
    public bool ErrorIsTerminal { get; }

    /// <summary>Leaves out notes and progress.</summary>
    public bool Quiet { get; set; }

    /// <summary>What the command computes on, if it does; said at its end is how many kernels ran there.</summary>
    public Device? Device { get; set; }

    /// <summary>The terminal of this process.</summary>
    public static Terminal Open()
    {
        var dumb = Environment.GetEnvironmentVariable("TERM") is "dumb";
        return new Terminal(!Console.IsOutputRedirected && !dumb, !Console.IsErrorRedirected && !dumb);
    }

    /// <summary>Writes a line of a result to standard output, control characters made visible.</summary>
    public void Line(string text = "") => Console.Out.WriteLine(Clean(text));

    /// <summary>Writes a table to standard output.</summary>
    public void Table(TextTable table)
    {
        if (OutIsTerminal)
        {
            Out.Write(table.ToRenderable(Out.Profile.Width));
        }
        else
        {
            Console.Out.Write(table.ToString());
        }
    }

    /// <summary>Says something beside the result, unless it should be quiet.</summary>
    public void Note(string text)
    {
        if (!Quiet)
        {
            Say("note", text);
        }
    }

    /// <summary>Writes <c>crypson: kind: text</c> to standard error, always.</summary>
    public void Say(string kind, string text)
    {
        var colour = kind switch { "error" => "red", "hint" => "yellow", _ => "grey" };
        if (ErrorIsTerminal)
        {
            Error.MarkupLine($"crypson: [{colour}]{kind}:[/] {Markup.Escape(Clean(text))}");
        }
        else
        {
            Console.Error.WriteLine($"crypson: {kind}: {Clean(text)}");
        }
    }

    /// <summary>A text with its control characters written as <c>\x1B</c>, so that file content cannot steer the terminal.</summary>
    public static string Clean(string text)
    {
        if (!text.Any(char.IsControl))
        {
            return text;
        }

        var result = new StringBuilder();
        foreach (var c in text)
        {
            _ = char.IsControl(c) ? result.Append(c == '\n' ? " " : $"\\x{(int)c:X2}") : result.Append(c);
        }

        return result.ToString();
    }

    private static IAnsiConsole Open(TextWriter writer, bool isTerminal)
    {
        var noColour = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal && !noColour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
    }
}
