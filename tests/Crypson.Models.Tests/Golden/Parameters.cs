using System.Text.Json;

namespace Crypson.Models.Tests.Golden;

/// <summary>A case's hyper-parameters.</summary>
internal readonly struct Parameters(JsonElement content)
{
    public double Number(string name) => content.GetProperty(name).GetDouble();

    public float Single(string name) => (float)Number(name);

    public int Integer(string name) => content.GetProperty(name).GetInt32();

    public string Text(string name) => content.GetProperty(name).GetString()!;

    public bool Flag(string name) => content.TryGetProperty(name, out var value) && value.GetBoolean();

    public int[] Integers(string name) => [.. content.GetProperty(name).EnumerateArray().Select(item => item.GetInt32())];

    public Parameters Group(string name) => new(content.GetProperty(name));

    public bool Has(string name) => content.TryGetProperty(name, out _);

    /// <summary>A number for height and width alike, or a pair [height, width].</summary>
    public Size2 Size(string name, int otherwise)
    {
        if (!content.TryGetProperty(name, out var value))
        {
            return otherwise;
        }

        return value.ValueKind == JsonValueKind.Array ? new Size2(value[0].GetInt32(), value[1].GetInt32()) : value.GetInt32();
    }

    public LossReduction Reduction => Text("reduction") switch
    {
        "mean" => LossReduction.Mean,
        "sum" => LossReduction.Sum,
        var other => throw new InvalidOperationException($"unknown reduction {other}"),
    };
}
