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

    /// <summary>The training images.</summary>
    /// <exception cref="DataException">The files cannot be used.</exception>
    public ImageDataset LoadTrain(ulong seed) => Folder is null
        ? SynthesizedDataset.Train(SynthesizedClasses, seed, PerClass)
        : Read(() => EmnistFolder.Choose(Folder, Split).LoadTrain());

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
