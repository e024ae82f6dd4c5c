namespace Crypson.Cli;

/// <summary>Folders that results go into.</summary>
internal static class Folders
{
    /// <summary>Makes a folder and those above it.</summary>
    /// <exception cref="IOException">That is not possible; the message says which folder.</exception>
    public static void Create(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var reason = File.Exists(path) ? "there is a file of that name" : "the place is missing or may not be written to";
            throw new IOException($"the folder '{path}' cannot be made: {reason}\n  hint: choose another place", e);
        }
    }

    /// <summary>Makes the folder that a file is to be in.</summary>
    /// <exception cref="IOException">That is not possible.</exception>
    public static void CreateFor(string file)
    {
        if (Path.GetDirectoryName(file) is { Length: > 0 } folder)
        {
            Create(folder);
        }
    }
}
