namespace Crypson.Tests;

/// <summary>Where this repository's files are.</summary>
internal static class SourceTree
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Crypson.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
