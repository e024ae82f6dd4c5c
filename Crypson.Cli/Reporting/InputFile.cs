namespace Crypson.Cli;

/// <summary>Where a command's input comes from: a file or standard input.</summary>
internal static class InputFile
{
    /// <summary>Opens the input; null and "-" mean standard input.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static Stream Open(Terminal terminal, string? path)
    {
        if (!OutputFile.IsStandard(path))
        {
            return Directory.Exists(path) ? throw new IOException($"'{path}' is a folder, not a file\n  hint: give a file, or '-' for standard input") : File.OpenRead(path!);
        }

        if (!Console.IsInputRedirected)
        {
            terminal.Note("reading from the terminal; Ctrl-D on a line of its own ends the input");
        }

        return Console.OpenStandardInput();
    }

    /// <summary>All bytes of the input, of which there may be <paramref name="limit"/>.</summary>
    /// <exception cref="IOException">There are more, or it cannot be read.</exception>
    public static byte[] ReadAll(Terminal terminal, string? path, int limit)
    {
        using var stream = Open(terminal, path);
        using var content = new MemoryStream();
        var buffer = new byte[1 << 16];
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            content.Write(buffer, 0, read);
            if (content.Length > limit)
            {
                throw new IOException($"the input is longer than {Format.Bytes(limit)}\n  hint: send it in parts");
            }
        }

        return content.ToArray();
    }
}
