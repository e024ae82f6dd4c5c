using System.Security.Cryptography;
using System.Text;

namespace Crypson;

/// <summary>
/// Compiled kernels on disk, by a hash of text, options, device and driver. A file that is damaged or not readable is as
/// good as none; the folder is the user's cache, or CRYPSON_CACHE.
/// </summary>
internal static class ProgramCache
{
    private const int HashBytes = 32;

    /// <summary>Where the files are; null when caching is off (CRYPSON_CACHE is empty) or there is no such folder.</summary>
    public static string? Folder
    {
        get
        {
            if (Environment.GetEnvironmentVariable("CRYPSON_CACHE") is { } given)
            {
                return given.Length == 0 ? null : given;
            }

            var home = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            if (string.IsNullOrEmpty(home))
            {
                home = OperatingSystem.IsWindows()
                    ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                    : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            }

            return Path.IsPathRooted(home) ? Path.Combine(home, "crypson", "kernels") : null;
        }
    }

    public static string Key(params ReadOnlySpan<string> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(part.Length).Append(':').Append(part);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    public static byte[]? Load(string key)
    {
        try
        {
            var file = Folder is { } folder ? Path.Combine(folder, key) : null;
            if (file is null || !File.Exists(file))
            {
                return null;
            }

            // The file starts with the hash of the rest: half a file, after a crash, is noticed.
            var bytes = File.ReadAllBytes(file);
            return bytes.Length > HashBytes && SHA256.HashData(bytes.AsSpan(HashBytes)).AsSpan().SequenceEqual(bytes.AsSpan(0, HashBytes))
                ? bytes[HashBytes..]
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static void Store(string key, byte[] binary)
    {
        if (Folder is not { } folder)
        {
            return;
        }

        var file = Path.Combine(folder, key);
        var part = $"{file}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}.part";
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(part, [.. SHA256.HashData(binary), .. binary]);
            File.Move(part, file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without the file the kernel is compiled again next time.
        }
    }
}
