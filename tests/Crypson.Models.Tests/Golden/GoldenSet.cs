using System.Collections.Concurrent;
using System.Text.Json;
using Crypson.Nn;

namespace Crypson.Models.Tests.Golden;

/// <summary>
/// A folder of golden fixtures: the one the environment variable CRYPSON_GOLDEN names, or tests/Golden.
/// The format is described in its README.md.
/// </summary>
internal sealed class GoldenSet
{
    private readonly string folder;
    private readonly Dictionary<string, JsonElement> cases;
    private readonly Dictionary<string, JsonElement> fullCases = [];
    private readonly ConcurrentDictionary<string, SafetensorsFile> files = new();

    private GoldenSet(string folder)
    {
        this.folder = folder;
        cases = ReadCases(ReadJson("manifest.json"));
        if (File.Exists(Path.Combine(folder, "models_full.json")))
        {
            Full = ReadJson("models_full.json");
            fullCases = ReadCases(Full.Value);
        }
    }

    public static GoldenSet Current { get; } = new(
        Environment.GetEnvironmentVariable("CRYPSON_GOLDEN") is { Length: > 0 } chosen ? FromRoot(chosen) : Path.Combine(AppContext.BaseDirectory, "Golden"));

    public IReadOnlyCollection<string> Ids => cases.Keys;

    /// <summary>The content of models_full.json, if the set has one.</summary>
    public JsonElement? Full { get; }

    public IReadOnlyCollection<string> FullIds => fullCases.Keys;

    public GoldenCase Case(string id, Device device) => new(this, cases[id], device);

    public JsonElement FullCase(string id) => fullCases[id];

    public SafetensorsFile Open(string name) => files.GetOrAdd(name, file => SafetensorsFile.Read(Path.Combine(folder, file)));

    // Tests run in their output folder; a relative path means the folder that 'dotnet test' was called in, the solution's.
    private static string FromRoot(string path)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Crypson.sln")))
        {
            root = root.Parent;
        }

        return Path.GetFullPath(path, root?.FullName ?? Environment.CurrentDirectory);
    }

    private static Dictionary<string, JsonElement> ReadCases(JsonElement root) =>
        root.GetProperty("cases").EnumerateArray().ToDictionary(item => item.GetProperty("id").GetString()!);

    private JsonElement ReadJson(string name) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, name))).RootElement;
}
