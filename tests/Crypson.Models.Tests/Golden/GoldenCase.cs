using System.Text.Json;
using Crypson.Nn;

namespace Crypson.Models.Tests.Golden;

/// <summary>One case of the manifest: its parameters, its inputs as tensors, and the comparison of its outputs.</summary>
internal sealed class GoldenCase
{
    private readonly JsonElement content;
    private readonly JsonElement inputs;
    private readonly SafetensorsFile file;
    private readonly Device device;
    private readonly Dictionary<string, Tensor> made = [];

    public GoldenCase(GoldenSet set, JsonElement content, Device device)
    {
        this.content = content;
        this.device = device;
        Set = set;
        inputs = content.GetProperty("inputs");
        file = set.Open(content.GetProperty("file").GetString()!);
    }

    public GoldenSet Set { get; }

    public Device Device => device;

    public string Id => content.GetProperty("id").GetString()!;

    public string Op => content.GetProperty("op").GetString()!;

    public Parameters Parameters => new(content.GetProperty("params"));

    public IEnumerable<string> InputNames => inputs.EnumerateObject().Select(input => input.Name);

    public bool Has(string input) => inputs.TryGetProperty(input, out _);

    public bool Wants(string output) => content.GetProperty("outputs").TryGetProperty(output, out _);

    /// <summary>An input; it records gradients when the manifest lists the gradient of it.</summary>
    public Tensor Input(string name)
    {
        if (!made.TryGetValue(name, out var tensor))
        {
            tensor = Stored(inputs.GetProperty(name).GetString()!);
            tensor.RequiresGrad = Wants("grad_" + name);
            made.Add(name, tensor);
        }

        return tensor;
    }

    public Tensor? Optional(string name) => Has(name) ? Input(name) : null;

    public IndexTensor Indices(string name)
    {
        var entry = file[inputs.GetProperty(name).GetString()!];
        return IndexTensor.FromSpan(entry.ToInt32s(), Shape.Create(entry.Shape), device);
    }

    /// <summary>A prefix of tensor names that the pipeline takes a network's weights from.</summary>
    public string WeightsFrom(string network) => content.GetProperty("weights_from").GetProperty(network).GetString()!;

    /// <summary>A tensor of the case's file.</summary>
    public Tensor Stored(string name)
    {
        var entry = file[name];
        return Tensor.FromSpan(entry.ToSingles(), Shape.Create(entry.Shape), device);
    }

    /// <summary>Fails, naming every output that is missing or outside its tolerance.</summary>
    public void Check(IReadOnlyDictionary<string, Tensor> results)
    {
        var faults = new List<string>();
        foreach (var output in content.GetProperty("outputs").EnumerateObject())
        {
            var fault = results.TryGetValue(output.Name, out var got) ? Compare(output.Value, got) : "nothing computes it";
            if (fault is not null)
            {
                faults.Add($"{output.Name}: {fault}");
            }
        }

        Assert.True(faults.Count == 0, $"{Id}\n  " + string.Join("\n  ", faults));
    }

    private string? Compare(JsonElement output, Tensor got)
    {
        var entry = file[output.GetProperty("tensor").GetString()!];
        if (!got.Shape.Sizes.SequenceEqual(entry.Shape))
        {
            return $"shape {got.Shape} instead of [{string.Join(", ", entry.Shape)}]";
        }

        var tight = Tolerance.Read(output);
        var toleranceAt = output.TryGetProperty("rule", out var rule) ? AdamRule(output, rule.GetString()!, tight) : _ => tight;
        var (want, values) = (entry.ToSingles(), got.ToArray());
        var (worst, place, failed) = (0.0, -1, 0);
        for (var i = 0; i < want.Length; i++)
        {
            var used = toleranceAt(i).Used(want[i], values[i]);
            failed += used <= 1 ? 0 : 1;
            if (!(used <= worst) && !double.IsNaN(worst))
            {
                (worst, place) = (used, i);
            }
        }

        return failed == 0
            ? null
            : $"{failed} of {want.Length} elements differ; worst at {place}: {values[place]:R} instead of {want[place]:R}, {worst:F2} of the tolerance";
    }

    // Where the gradient is (nearly) zero, rounding decides the sign of the first Adam step.
    private Func<int, Tolerance> AdamRule(JsonElement output, string rule, Tolerance tight)
    {
        Assert.Equal("adam", rule);
        var gradient = file[output.GetProperty("grad").GetString()!].ToSingles();
        var floor = output.GetProperty("grad_floor").GetDouble();
        var zeroIsTight = output.GetProperty("zero_grad_is_tight").GetBoolean();
        var loose = new Tolerance(output.GetProperty("loose_atol").GetDouble(), 0);
        return i => Math.Abs((double)gradient[i]) >= floor || (zeroIsTight && gradient[i] == 0) ? tight : loose;
    }
}
