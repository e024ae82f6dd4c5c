using System.Text.RegularExpressions;

namespace Crypson.Nn;

/// <summary>
/// Files that appear complete or not at all: written under a temporary name beside the target, flushed to disk, then
/// renamed, so that the name stands at every moment for the whole old file or the whole new one.
/// </summary>
public static partial class AtomicFile
{
    /// <summary>Writes <paramref name="path"/>, replacing an older file; missing folders are made. <paramref name="write"/> leaves the stream open.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        path = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? throw new ArgumentException($"'{path}' is a folder, not a file name", nameof(path)));
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }
    }

    /// <summary>Deletes what killed writers left under temporary names in a folder and the folders in it.</summary>
    public static void DeleteLeftovers(string folder)
    {
        foreach (var file in Directory.GetFiles(folder, "*.tmp", SearchOption.AllDirectories).Where(file => TemporaryEnding().IsMatch(file)))
        {
            File.Delete(file);
        }
    }

    /// <summary>What is added to the name of a file while it is being written.</summary>
    [GeneratedRegex(@"\.[0-9a-f]{32}\.tmp")]
    public static partial Regex TemporaryEnding();

    // The reason that matters is the one that is on its way already.
    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A left-over file is not worth hiding that reason.
        }
    }
}
