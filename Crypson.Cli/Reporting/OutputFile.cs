using Crypson.Nn;

namespace Crypson.Cli;

/// <summary>Where a command's result goes: a file that appears whole or not at all, or standard output.</summary>
internal static class OutputFile
{
    /// <summary>The name that means standard input or output.</summary>
    public const string Standard = "-";

    /// <summary>Refuses combinations that would destroy the input or a terminal's picture, before any work is done.</summary>
    /// <param name="terminal">Standard output.</param>
    /// <param name="output">The file, or null or "-" for standard output.</param>
    /// <param name="input">The file that is read, if there is one.</param>
    /// <param name="binary">Whether the result is not text.</param>
    /// <exception cref="UsageException">The output may not go there.</exception>
    public static void Check(Terminal terminal, string? output, string? input, bool binary)
    {
        if (IsStandard(output))
        {
            if (binary && terminal.OutIsTerminal)
            {
                throw new UsageException("the result is binary and standard output is a terminal\n  hint: write a file with -o FILE, or pipe it on");
            }

            return;
        }

        if (Directory.Exists(output))
        {
            throw new UsageException($"'{output}' is a folder\n  hint: -o takes the name of a file");
        }

        if (input is not null && Target(output!) == Target(input))
        {
            throw new UsageException($"'{output}' is the input and would be overwritten\n  hint: choose another name for -o");
        }
    }

    /// <summary>As <see cref="Check"/>, for a picture.</summary>
    /// <param name="terminal">Standard output.</param>
    /// <param name="output">The file.</param>
    /// <param name="option">The option that names it.</param>
    /// <exception cref="UsageException">The picture may not go there.</exception>
    public static void CheckPicture(Terminal terminal, string output, string option)
    {
        Check(terminal, output, null, binary: true);
        if (Path.GetExtension(output) is { Length: > 0 } ending && !ending.Equals(".png", StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException($"{option}: pictures are written as .png, not {ending}\n  hint: {option} {Path.ChangeExtension(output, ".png")}");
        }
    }

    /// <summary>Writes the result.</summary>
    public static void Write(string? output, Action<Stream> write)
    {
        if (IsStandard(output))
        {
            using var standard = Console.OpenStandardOutput();
            write(standard);
            standard.Flush();
        }
        else if (Path.GetFullPath(output!).StartsWith("/dev/", StringComparison.Ordinal))
        {
            // A device or a shell's pipe is written as it stands; a rename would replace it.
            using var device = new FileStream(output!, FileMode.Open, FileAccess.Write);
            write(device);
        }
        else
        {
            Folders.CreateFor(output!);
            AtomicFile.Write(Target(output!), write);
        }
    }

    /// <summary>Whether the name stands for standard output.</summary>
    public static bool IsStandard(string? output) => output is null or Standard;

    // A link stays a link: the file behind it is replaced. A relative name would be resolved against the wrong folder.
    private static string Target(string path)
    {
        var full = Path.GetFullPath(path);
        return File.Exists(full) && File.ResolveLinkTarget(full, returnFinalTarget: true) is { } target ? target.FullName : full;
    }
}
