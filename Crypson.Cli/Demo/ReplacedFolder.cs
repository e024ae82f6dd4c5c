namespace Crypson.Cli;

/// <summary>
/// A folder that is made anew: everything is written beside it and takes its place in the end, so that it holds either
/// the old result or the new one, whole. Only a folder that an earlier run of the same kind left is replaced.
/// </summary>
internal sealed class ReplacedFolder : IDisposable
{
    private readonly string target;
    private readonly string mark;
    private bool isComplete;

    /// <summary>Starts empty.</summary>
    /// <param name="path">The folder to replace.</param>
    /// <param name="mark">A file that shows that the folder was made by an earlier run.</param>
    /// <exception cref="UsageException">The folder holds something else.</exception>
    /// <exception cref="UnauthorizedAccessException">Nothing can be written there.</exception>
    public ReplacedFolder(string path, string mark)
    {
        this.mark = mark;
        target = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        RequireReplaceable(path);
        Path = Beside("partial");
        try
        {
            if (Directory.Exists(Path))
            {
                Directory.Delete(Path, recursive: true);
            }

            Directory.CreateDirectory(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UnauthorizedAccessException($"nothing can be written beside '{path}'", e);
        }
    }

    /// <summary>Where to write.</summary>
    public string Path { get; }

    /// <summary>A file in <see cref="Path"/>.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Puts what was written in the folder's place.</summary>
    public void Complete()
    {
        File.WriteAllText(this[mark], "made by 'crypson demo', which replaces this folder\n");
        var old = Beside("old");
        if (Directory.Exists(target))
        {
            if (Directory.Exists(old))
            {
                Directory.Delete(old, recursive: true);
            }

            Directory.Move(target, old);
        }

        Directory.Move(Path, target);
        isComplete = true;
        if (Directory.Exists(old))
        {
            Directory.Delete(old, recursive: true);
        }
    }

    /// <summary>Removes what was written, unless it is complete.</summary>
    public void Dispose()
    {
        if (!isComplete && Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }

    // A name that nobody else uses: a leftover of a killed run is removed without asking.
    private string Beside(string state) =>
        System.IO.Path.Combine(System.IO.Path.GetDirectoryName(target) ?? target, $".{System.IO.Path.GetFileName(target)}.crypson-{state}");

    private void RequireReplaceable(string path)
    {
        if (File.Exists(target))
        {
            throw new UsageException($"'{path}' is a file, not a folder\n  hint: choose a new or empty folder with --out");
        }

        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any() && !File.Exists(System.IO.Path.Combine(target, mark)))
        {
            throw new UsageException($"the folder '{path}' holds other files\n  hint: choose a new or empty folder with --out");
        }
    }
}
