using System.Text.Json;
using System.Text.Json.Serialization;
using Crypson.Models;
using Crypson.Nn;

namespace Crypson.Cli;

/// <summary>What a run was started on, kept in its folder as <c>run.json</c>, so that <c>--resume</c> needs no other option.</summary>
/// <param name="Task"><c>cgan</c>, <c>vae</c>, <c>classifier</c> or <c>all</c>.</param>
/// <param name="Data">The images.</param>
/// <param name="Generator">Where the generator came from, for the VAE and the classifier.</param>
/// <param name="Vae">Where the VAE came from, for the classifier.</param>
/// <param name="Fingerprint">SHA-256 of what it learns from; null until that is known.</param>
internal sealed record RunRecord(string Task, DataChoice Data, string? Generator, string? Vae, string? Fingerprint)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The record of a run folder, or null when it has none.</summary>
    /// <exception cref="DataException">It is damaged.</exception>
    public static RunRecord? Load(string folder)
    {
        var path = PathIn(folder);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<RunRecord>(File.ReadAllText(path), Json) is { Task: not null, Data: not null } record
                ? record
                : throw new JsonException();
        }
        catch (JsonException e)
        {
            throw new DataException($"'{path}' is damaged\n  hint: delete it and resume with the options the run was started with", e);
        }
    }

    /// <summary>Writes the record into a run folder.</summary>
    public void Save(string folder) => AtomicFile.Write(PathIn(folder), stream =>
    {
        JsonSerializer.Serialize(stream, this, Json);
        stream.WriteByte((byte)'\n');
    });

    private static string PathIn(string folder) => Path.Combine(folder, "run.json");
}
