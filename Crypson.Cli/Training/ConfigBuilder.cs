using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crypson.Models;
using Crypson.Nn;

namespace Crypson.Cli;

/// <summary>Puts a configuration together: a base, then a file, then single keys, each over the one before.</summary>
internal sealed class ConfigBuilder
{
    private const string Example = "such as { \"cgan\": { \"epochs\": 20 } }";
    private static readonly JsonDocumentOptions Reading = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    private readonly JsonObject values;

    /// <param name="start">The base.</param>
    public ConfigBuilder(CrypsonConfig start) => values = JsonNode.Parse(start.ToJson())!.AsObject();

    /// <summary>Takes over what a JSON file says; other keys stay.</summary>
    /// <exception cref="UsageException">The file cannot be read, is no JSON, or has a key or value that does not fit.</exception>
    public void AddFile(string path)
    {
        var text = Read(path);
        try
        {
            var content = JsonNode.Parse(text, documentOptions: Reading) as JsonObject
                ?? throw new UsageException($"--config {path}: a JSON object is expected\n  hint: {Example}");
            Merge(values, content, string.Empty, $"--config {path}");
        }
        catch (JsonException e)
        {
            throw new UsageException($"--config {path}: not JSON at line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}\n  hint: keys and texts stand in double quotes, entries are parted by commas");
        }
        catch (ArgumentException)
        {
            throw new UsageException($"--config {path}: a key stands twice in the same object\n  hint: keep one of them");
        }
    }

    /// <summary>Takes over one key, as in <c>cgan.epochs=20</c>.</summary>
    /// <exception cref="UsageException">There is no such key, or the value does not fit.</exception>
    public void AddAssignment(string assignment)
    {
        var equals = assignment.IndexOf('=');
        if (equals < 1)
        {
            throw new UsageException($"--set: '{assignment}' is not of the form key=value\n  hint: such as --set cgan.epochs=20");
        }

        Set(assignment[..equals], assignment[(equals + 1)..], "--set");
    }

    /// <summary>Takes over one key from the text of its value.</summary>
    public void Set(string key, string text, string source)
    {
        var at = values;
        var words = key.Split('.');
        for (var i = 0; i < words.Length; i++)
        {
            var path = string.Join('.', words[..(i + 1)]);
            RequireKey(at, words[i], path, source);
            if (at[words[i]] is JsonObject inner && i < words.Length - 1)
            {
                at = inner;
            }
            else if (i < words.Length - 1 || at[words[i]] is JsonObject)
            {
                throw new UsageException($"{source}: '{key}' is not a single value\n  hint: {Known(at[words[i]] as JsonObject ?? at)}");
            }
        }

        var last = words[^1];
        at[last] = Parse(at[last]!, text) ?? throw new UsageException($"{source}: {key}: '{text}' is not {Kind(at[last]!)}\n  hint: such as {source} {key}={at[last]!.ToJsonString()}");
    }

    /// <summary>The configuration.</summary>
    /// <exception cref="UsageException">A value does not fit.</exception>
    public CrypsonConfig Build()
    {
        try
        {
            return CrypsonConfig.FromJson(values.ToJsonString());
        }
        catch (JsonException e) when (e.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal))
        {
            var kind = e.InnerException?.Message.Contains("Int", StringComparison.Ordinal) == true ? "a whole number in its range" : "a value that fits";
            throw new UsageException($"{path[2..]}: {At(path[2..])} is not {kind}\n  hint: {PaperValue(path[2..])}");
        }
        catch (JsonException e)
        {
            throw new UsageException(e.Message.Contains("\n  hint: ", StringComparison.Ordinal) ? e.Message : $"{e.Message}\n  hint: {PaperValue(e.Message)}");
        }
    }

    /// <summary>The keys in which two configurations differ, with both values; numbers of epochs may differ.</summary>
    public static IReadOnlyList<string> Differences(CrypsonConfig before, CrypsonConfig after)
    {
        var (a, b) = (Flatten(Computation(before)), Flatten(Computation(after)));
        return [.. a.Keys.Where(key => a[key] != b[key]).Select(key => $"{key} {a[key]}, not {b[key]}")];
    }

    /// <summary>A configuration's single values by their keys, in order.</summary>
    public static OrderedDictionary<string, string> Flatten(JsonObject config)
    {
        var result = new OrderedDictionary<string, string>();
        foreach (var (name, value) in config)
        {
            if (value is not JsonObject part)
            {
                result[name] = value!.ToJsonString();
                continue;
            }

            foreach (var (inner, text) in part)
            {
                result[$"{name}.{inner}"] = text!.ToJsonString();
            }
        }

        return result;
    }

    private static string Read(string path)
    {
        try
        {
            return !Directory.Exists(path) ? File.ReadAllText(path) : throw new UsageException($"--config {path}: this is a folder\n  hint: give a JSON file");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException($"--config {path}: there is no such file\n  hint: check the name");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--config {path}: the file cannot be read\n  hint: choose a file you may read");
        }
    }

    // A fault begins with the key it is about.
    private static string PaperValue(string fault)
    {
        var key = fault.Split(':', '[')[0];
        return Flatten(JsonNode.Parse(new CrypsonConfig().ToJson())!.AsObject()).TryGetValue(key, out var value) ? $"the paper has {key}={value}" : Example;
    }

    private static JsonObject Computation(CrypsonConfig config) => JsonNode.Parse(config.ToComputationJson())!.AsObject();

    private static void Merge(JsonObject target, JsonObject source, string prefix, string name)
    {
        foreach (var (key, value) in source)
        {
            var path = prefix + key;
            RequireKey(target, key, path, name);
            if (target[key] is JsonObject inner)
            {
                Merge(inner, value as JsonObject ?? throw new UsageException($"{name}: {path} has to be an object\n  hint: {Known(inner)}"), $"{path}.", name);
            }
            else if (value is null || Kind(value) != Kind(target[key]!))
            {
                throw new UsageException($"{name}: {path}: {value?.ToJsonString() ?? "null"} is not {Kind(target[key]!)}\n  hint: such as \"{key}\": {target[key]!.ToJsonString()}");
            }
            else
            {
                target[key] = value.DeepClone();
            }
        }
    }

    private static void RequireKey(JsonObject at, string key, string path, string source)
    {
        if (at.ContainsKey(key))
        {
            return;
        }

        var prefix = path[..^key.Length];
        var nearest = Spelling.Nearest(key, at.Select(member => member.Key));
        throw new UsageException($"{source}: there is no key '{path}'\n  hint: {(nearest is null ? Known(at) : $"did you mean '{prefix}{nearest}'?")}");
    }

    private static string Known(JsonObject at) => $"the keys are {string.Join(", ", at.Select(member => member.Key))}";

    private static string Kind(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        JsonValueKind.Array => "a list of numbers such as [256, 128, 64]",
        JsonValueKind.Object => "an object",
        _ => "a text",
    };

    private static JsonNode? Parse(JsonNode current, string text)
    {
        switch (current.GetValueKind())
        {
            case JsonValueKind.String:
                return text;
            case JsonValueKind.True or JsonValueKind.False:
                return bool.TryParse(text, out var flag) ? flag : null;
            case JsonValueKind.Array:
                var words = text.Trim('[', ']', ' ').Split(',', StringSplitOptions.TrimEntries);
                return words.All(word => int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
                    ? new JsonArray([.. words.Select(word => JsonValue.Create(int.Parse(word, CultureInfo.InvariantCulture)))])
                    : null;
            default:
                return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) ? whole
                    : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
        }
    }

    private string At(string path) =>
        path.Split('.').Aggregate((JsonNode?)values, (node, word) => (node as JsonObject)?[word.Split('[')[0]])?.ToJsonString() ?? "the value";
}
