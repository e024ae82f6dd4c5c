namespace Crypson.Models;

/// <summary>Files that appear complete or not at all: written under a temporary name beside the target, then renamed.</summary>
public static class AtomicFile
{
    /// <summary>Writes <paramref name="path"/>, replacing an older file; missing folders are made.</summary>
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
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
