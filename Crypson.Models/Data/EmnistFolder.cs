using Crypson.Nn;

namespace Crypson.Models;

/// <summary>A folder of EMNIST files as they are downloaded, with one or several splits.</summary>
public static class EmnistFolder
{
    private const string Prefix = "emnist-";
    private const string Hint = "\n  hint: EMNIST is at https://www.nist.gov/itl/products-and-services/emnist-dataset; unpack its gzip folder and name that folder";

    // Without a name, a split with these classes is taken: the ones the models are described for.
    private const int PreferredClassCount = 47;

    private static readonly string[] Parts =
        ["-train-images-idx3-ubyte", "-train-labels-idx1-ubyte", "-test-images-idx3-ubyte", "-test-labels-idx1-ubyte"];

    /// <summary>The splits of which the folder has at least one image or label file, by name.</summary>
    /// <exception cref="DataException">The folder is missing or unreadable, or holds no split.</exception>
    public static IReadOnlyList<EmnistSplit> Find(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DataException($"data folder '{folder}' not found{Hint}");
        }

        string[] files;
        try
        {
            files = Directory.GetFiles(folder, Prefix + "*");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"data folder '{folder}' cannot be read: {e.Message.TrimEnd('.')}", e);
        }

        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            var name = Path.GetFileName(file);
            name = name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name;
            if (Parts.FirstOrDefault(part => name.EndsWith(part, StringComparison.Ordinal)) is { } part && name.Length > Prefix.Length + part.Length)
            {
                names.Add(name[Prefix.Length..^part.Length]);
            }
        }

        return names.Count > 0
            ? [.. names.Select(name => new EmnistSplit(folder, name))]
            : throw new DataException($"no EMNIST files in '{folder}'; emnist-<split>-train-images-idx3-ubyte[.gz] and its companions are expected{Hint}");
    }

    /// <summary>
    /// The split to use. With a name, that one; without, the only one, else "balanced", else the first with 47 classes.
    /// </summary>
    /// <exception cref="DataException">There is none, or the choice is not clear; the message lists what was found.</exception>
    public static EmnistSplit Choose(string folder, string? name = null)
    {
        var splits = Find(folder);
        var found = string.Join(", ", splits.Select(split => split.Name));
        if (name is not null)
        {
            return splits.FirstOrDefault(split => split.Name == name)
                ?? throw new DataException($"split '{name}' not found in '{folder}'; found: {found}\n  hint: {(Spelling.Nearest(name, splits.Select(split => split.Name)) is { } nearest ? $"did you mean '{nearest}'?" : "choose one of these with --split")}");
        }

        if (splits.Count == 1)
        {
            return splits[0];
        }

        return splits.FirstOrDefault(split => split.Name == "balanced")
            ?? splits.FirstOrDefault(HasPreferredClasses)
            ?? throw new DataException($"'{folder}' has several splits and none with {PreferredClassCount} classes; name one of: {found}");
    }

    private static bool HasPreferredClasses(EmnistSplit split)
    {
        try
        {
            return split.LoadMapping().Count == PreferredClassCount;
        }
        catch (DataException)
        {
            // Another split may be fine; this one's error appears when it is asked for by name.
            return false;
        }
    }
}
