using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Crypson.Cli;

/// <summary>Results as JSON for programs.</summary>
internal static class JsonText
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a JSON value to standard output.</summary>
    public static void Write(JsonNode value) => Console.Out.WriteLine(value.ToJsonString(Options));

    /// <summary>A number, or null for what JSON cannot say.</summary>
    public static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
