using System.Text.Json;
using Crypson.Nn;

namespace Crypson.Models.Tests.Golden;

/// <summary>Cases at the real widths: weights and inputs come from a formula, results are compared as checksums and samples.</summary>
internal sealed class FullModel(GoldenSet set, Device device)
{
    private readonly JsonElement content = set.Full!.Value;

    public void Check(string id)
    {
        var item = set.FullCase(id);
        var faults = new List<string>();
        var results = Run(item);
        if (item.TryGetProperty("losses", out var losses))
        {
            var (tolerance, got) = (Tolerance.Read(item), results["losses"].ToArray());
            Assert.Equal(losses.GetArrayLength(), got.Length);
            for (var i = 0; i < got.Length; i++)
            {
                Require(faults, $"loss {i}", tolerance, losses[i].GetDouble(), got[i]);
            }
        }
        else
        {
            CheckScalars(item.GetProperty("scalars"), results, faults);
            CheckTensors(item.GetProperty("tensors"), results, faults);
        }

        Assert.True(faults.Count == 0, $"{id}\n  " + string.Join("\n  ", faults));
    }

    public static void CheckProbes(GoldenSet set)
    {
        if (set.Full is not { } content)
        {
            Assert.Skip("the golden set has no models_full.json");
            return;
        }

        var probes = content.GetProperty("probes");
        var values = Values(8, probes);
        Assert.Equal(probes.GetProperty("first8").EnumerateArray().Select(value => (float)value.GetDouble()), values);
        var modulo = content.GetProperty("batch").GetProperty("label").GetProperty("modulo").GetUInt32();
        var labels = Hashes(8, probes.GetProperty("salt").GetUInt32()).Select(hash => (int)(hash % modulo));
        Assert.Equal(probes.GetProperty("labels8").EnumerateArray().Select(value => value.GetInt32()), labels);
    }

    private Dictionary<string, Tensor> Run(JsonElement item)
    {
        var parameters = new Parameters(item.GetProperty("params"));
        switch (item.GetProperty("op").GetString())
        {
            case "cgan_d_step":
                {
                    var (generator, discriminator) = Cgan();
                    return TrainingSteps.Discriminator(
                        generator, discriminator, Batch("real"), Labels(), Batch("noise_d"), Optimizer("cgan_d_step", parameters, discriminator));
                }

            case "cgan_g_step":
                {
                    var (generator, discriminator) = Cgan();
                    return TrainingSteps.Generator(
                        generator, discriminator, Labels(), Batch("noise_g"), Optimizer("cgan_g_step", parameters, generator));
                }

            case "vae_step":
                {
                    var vae = MakeVae();
                    return TrainingSteps.Vae(
                        vae, Batch("image"), Batch("eps"), parameters.Single("kl_weight"), Optimizer("vae_step", parameters, vae));
                }

            case "classifier_step":
                {
                    var classifier = MakeClassifier();
                    return TrainingSteps.Classifier(classifier, Batch("latent"), Labels(), Optimizer("classifier_step", parameters, classifier));
                }

            case "cgan_losses":
                {
                    var (generator, discriminator) = Cgan();
                    return Losses(TrainingSteps.CganLosses(
                        generator, discriminator, Batch("real"), Labels(), Batch("noise_d"), Batch("noise_g"), parameters.Integer("steps"),
                        Optimizer("cgan_g_step", parameters, generator), Optimizer("cgan_d_step", parameters, discriminator)));
                }

            case "vae_losses":
                {
                    var vae = MakeVae();
                    return Losses(TrainingSteps.VaeLosses(
                        vae, Batch("image"), Batch("eps"), parameters.Integer("steps"), Optimizer("vae_step", parameters, vae)));
                }

            case "classifier_losses":
                {
                    var classifier = MakeClassifier();
                    return Losses(TrainingSteps.ClassifierLosses(
                        classifier, Batch("latent"), Labels(), parameters.Integer("steps"), Optimizer("classifier_step", parameters, classifier)));
                }

            case var other:
                throw new NotSupportedException($"unknown operation {other}");
        }
    }

    private static Dictionary<string, Tensor> Losses(Tensor losses) => new() { ["losses"] = losses };

    private (Generator Generator, Discriminator Discriminator) Cgan()
    {
        var classes = Sizes("G", "label_emb.weight")[0];
        var channels = new[] { "model.0.weight", "model.3.weight", "model.6.weight" }.Select(name => Sizes("G", name)[1]).ToArray();
        var hidden = Names("D").Where(name => name.StartsWith("model.", StringComparison.Ordinal) && name.EndsWith(".weight", StringComparison.Ordinal))
            .Select(name => Sizes("D", name)[0]).SkipLast(1).ToArray();
        return (Load(new Generator(classes, new Philox(0), Sizes("G", "label_emb.weight")[1], channels), "G"),
            Load(new Discriminator(classes, new Philox(0), hidden), "D"));
    }

    private Vae MakeVae() => Load(new Vae(new Philox(0), Hidden("V", "encode.encoder."), Sizes("V", "encode.fc_mu.weight")[0]), "V");

    private Classifier MakeClassifier()
    {
        int[] hidden = [.. new[] { 3, 6, 9, 12 }.Select(layer => Sizes("C", $"features.{layer}.weight")[0]).Reverse()];
        return Load(
            new Classifier(
                Sizes("C", "features.21.weight")[0], new Philox(0), hidden, Sizes("C", "features.0.weight")[1], Sizes("C", "features.18.weight")[0],
                dropout: 0, frozenStatistics: false),
            "C");
    }

    private int[] Hidden(string network, string prefix) =>
        [.. new[] { 0, 3, 6, 9 }.Select(layer => Sizes(network, $"{prefix}{layer}.weight")[0])];

    // A case of several losses has no hyper-parameters of its own: it uses those of the single step.
    private Optimizer Optimizer(string op, Parameters own, Module module)
    {
        var source = own.Has("adam") || own.Has("adamw")
            ? own
            : new Parameters(content.GetProperty("cases").EnumerateArray().First(item => item.GetProperty("op").GetString() == op).GetProperty("params"));
        var decoupled = source.Has("adamw");
        return Operations.MakeAdam(
            module.NamedParameters().Where(parameter => parameter.Value.RequiresGrad), source.Group(decoupled ? "adamw" : "adam"), decoupled);
    }

    private IEnumerable<string> Names(string network) => Tensors(network).Select(tensor => tensor.GetProperty("name").GetString()!);

    private int[] Sizes(string network, string name) => Sizes(Tensors(network).First(tensor => tensor.GetProperty("name").GetString() == name));

    private static int[] Sizes(JsonElement tensor) => [.. tensor.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];

    private JsonElement.ArrayEnumerator Tensors(string network) => content.GetProperty("models").GetProperty(network).EnumerateArray();

    private TModule Load<TModule>(TModule module, string network)
        where TModule : Module
    {
        using var noGrad = Tensor.NoGrad();
        module.To(device);
        var tensors = Tensors(network).ToDictionary(tensor => tensor.GetProperty("name").GetString()!);
        foreach (var (name, value) in module.State())
        {
            Assert.Equal(Sizes(tensors[name]), value.Shape.ToArray());
            value.CopyFrom(Values(value.Count, tensors[name]));
        }

        return module;
    }

    private Tensor Batch(string name)
    {
        var input = content.GetProperty("batch").GetProperty(name);
        var shape = Shape.Create(Sizes(input));
        return Tensor.FromSpan(Values(shape.ElementCount, input), shape, device);
    }

    private IndexTensor Labels()
    {
        var input = content.GetProperty("batch").GetProperty("label");
        var (shape, modulo) = (Shape.Create(Sizes(input)), input.GetProperty("modulo").GetUInt32());
        return IndexTensor.FromSpan([.. Hashes(shape.ElementCount, input.GetProperty("salt").GetUInt32()).Select(hash => (int)(hash % modulo))], shape, device);
    }

    private static float[] Values(int count, JsonElement recipe)
    {
        var (scale, offset) = (recipe.GetProperty("scale").GetDouble() / 16777216.0, recipe.GetProperty("offset").GetDouble());
        return [.. Hashes(count, recipe.GetProperty("salt").GetUInt32()).Select(hash => (float)((((int)(hash >> 8) - 8388608) * scale) + offset))];
    }

    private static uint[] Hashes(int count, uint salt)
    {
        var hashes = new uint[count];
        for (var i = 0; i < count; i++)
        {
            var h = ((uint)i * 2654435761u) + salt;
            h = (h ^ (h >> 16)) * 0x85EBCA6Bu;
            h = (h ^ (h >> 13)) * 0xC2B2AE35u;
            hashes[i] = h ^ (h >> 16);
        }

        return hashes;
    }

    private static void CheckScalars(JsonElement scalars, Dictionary<string, Tensor> results, List<string> faults)
    {
        foreach (var scalar in scalars.EnumerateObject())
        {
            if (results.TryGetValue(scalar.Name, out var got))
            {
                Require(faults, scalar.Name, Tolerance.Read(scalar.Value), scalar.Value.GetProperty("value").GetDouble(), got.Item());
            }
            else
            {
                faults.Add($"{scalar.Name}: nothing computes it");
            }
        }
    }

    private static void CheckTensors(JsonElement tensors, Dictionary<string, Tensor> results, List<string> faults)
    {
        foreach (var tensor in tensors.EnumerateObject())
        {
            var name = tensor.Name.StartsWith("value:", StringComparison.Ordinal) ? tensor.Name["value:".Length..] : tensor.Name;
            if (!results.TryGetValue(name, out var got))
            {
                faults.Add($"{tensor.Name}: nothing computes it");
            }
            else if (!got.Shape.Sizes.SequenceEqual(Sizes(tensor.Value)) || got.Count != tensor.Value.GetProperty("count").GetInt32())
            {
                faults.Add($"{tensor.Name}: shape {got.Shape}");
            }
            else
            {
                CheckTensor(tensor.Name, tensor.Value, got.ToArray(), faults);
            }
        }
    }

    private static void CheckTensor(string name, JsonElement want, float[] got, List<string> faults)
    {
        var sums = new Tolerance(want.GetProperty("sum_atol").GetDouble(), 0);
        Require(faults, $"{name} sum", sums, want.GetProperty("sum").GetDouble(), got.Sum(value => (double)value));
        var absolute = new Tolerance(want.GetProperty("abs_sum_atol").GetDouble(), 0);
        Require(faults, $"{name} abs_sum", absolute, want.GetProperty("abs_sum").GetDouble(), got.Sum(value => Math.Abs((double)value)));
        var tight = Tolerance.Read(want);
        var loose = want.TryGetProperty("loose_atol", out var limit) ? new Tolerance(limit.GetDouble(), 0) : tight;
        var (index, sample) = (want.GetProperty("index"), want.GetProperty("sample"));
        for (var i = 0; i < index.GetArrayLength(); i++)
        {
            var isLoose = want.TryGetProperty("sample_loose", out var flags) && flags[i].GetBoolean();
            Require(faults, $"{name} at {index[i]}", isLoose ? loose : tight, sample[i].GetDouble(), got[index[i].GetInt32()]);
        }
    }

    private static void Require(List<string> faults, string name, Tolerance tolerance, double want, double got)
    {
        var used = tolerance.Used(want, got);
        if (!(used <= 1))
        {
            faults.Add($"{name}: {got:R} instead of {want:R}, {used:F2} of the tolerance");
        }
    }
}
