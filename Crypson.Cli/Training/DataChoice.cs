using System.Security.Cryptography;
using System.Text;
using Crypson.Models;

namespace Crypson.Cli;

/// <summary>Which images a run learns from: a split of an EMNIST folder, or synthesised handwriting.</summary>
/// <param name="Folder">The folder's full path; null for synthesised handwriting.</param>
/// <param name="Split">The split's name; null lets the folder decide.</param>
/// <param name="Classes">Letters to synthesise, 47 or 62.</param>
/// <param name="PerClass">Images of each to synthesise.</param>
internal sealed record DataChoice(string? Folder, string? Split, int Classes, int PerClass)
{
    /// <summary>As many as EMNIST Balanced has.</summary>
    public const int DefaultPerClass = 2400;

    /// <summary>The letters that are synthesised.</summary>
    public ClassMapping SynthesizedClasses => Classes == 62 ? ClassMapping.ByClass : ClassMapping.Balanced;

    /// <summary>The training images; says where they come from.</summary>
    /// <exception cref="DataException">The files cannot be used.</exception>
    public ImageDataset LoadTrain(ulong seed, Terminal terminal)
    {
        if (Folder is not null)
        {
            return LoadSplit(Folder, Split, split => split.TrainImages, split => split.LoadTrain(), terminal);
        }

        terminal.Note($"images: {this}");
        return SynthesizedDataset.Train(SynthesizedClasses, seed, PerClass);
    }

    /// <summary>The test images of a folder, with the split's name; says which file they come from.</summary>
    /// <exception cref="DataException">The files cannot be used.</exception>
    public static (string Split, ImageDataset Images) LoadTest(string folder, string? name, Terminal terminal) =>
        LoadSplit(folder, name, split => split.TestImages, split => (split.Name, split.LoadTest()), terminal);

    /// <summary>Reads from an EMNIST folder; an error that has no hint gets one.</summary>
    /// <exception cref="DataException">The files cannot be used.</exception>
    public static T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DataException e) when (!e.Message.Contains("\n  hint: ", StringComparison.Ordinal))
        {
            throw new DataException($"{e.Message}\n  hint: get the file again; 'crypson data synth --out DIR' makes a folder to compare with", e);
        }
    }

    /// <summary>Refuses the name of a split that belongs to no folder.</summary>
    /// <exception cref="UsageException">There is only the name.</exception>
    public static void RequireFolder(string? folder, string? split)
    {
        if (split is not null && folder is null)
        {
            throw new UsageException($"--split needs --data DIR\n  hint: such as --data emnist --split {split}");
        }
    }

    /// <summary>The choice in words.</summary>
    public override string ToString() => Folder is null
        ? $"synthesised handwriting, {Classes} classes, {Format.Count(PerClass)} images each"
        : $"{Folder}{(Split is null ? string.Empty : $", split {Split}")}";

    private static T LoadSplit<T>(string folder, string? name, Func<EmnistSplit, string> file, Func<EmnistSplit, T> load, Terminal terminal) => Read(() =>
    {
        var split = EmnistFolder.Choose(folder, name);
        var others = string.Join(", ", EmnistFolder.Find(folder).Where(other => other.Name != split.Name).Select(other => other.Name));
        terminal.Note($"images: split {split.Name}, {file(split)}{(others.Length > 0 ? $"; other splits there: {others}" : string.Empty)}");
        return load(split);
    });

    /// <summary>SHA-256 of letters, labels and pixels, to notice when a run goes on with other images.</summary>
    public static string Fingerprint(ImageDataset images)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{images.Classes}\n"));
        hash.AppendData(images.Labels);
        for (var i = 0; i < images.Count; i++)
        {
            hash.AppendData(images.Image(i));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
