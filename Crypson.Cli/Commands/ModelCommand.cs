using System.CommandLine;
using System.Text.Json.Nodes;
using Crypson.Models;
using Crypson.Nn;

namespace Crypson.Cli;

/// <summary><c>crypson model info</c> and <c>crypson model build</c>.</summary>
internal static class ModelCommand
{
    public static Command Create(Terminal terminal) => new ExampleCommand("model", "Look at model files and checkpoints, or join trained networks into a model.", "crypson model info", "crypson model build --generator runs/cgan-1 --vae runs/vae-1 --classifier runs/classifier-1 -o mine.safetensors")
    {
        CreateInfo(terminal), CreateBuild(terminal),
    };

    private static ExampleCommand CreateInfo(Terminal terminal)
    {
        var file = Options.Input("FILE", "A model, a checkpoint or a run folder of 'train all'; the shipped model if left out.");
        var json = Options.Flag("--json", "Print the result as JSON.");
        var command = new ExampleCommand("info", "Describe a model or a checkpoint: letters, networks, hash, configuration.", "crypson model info runs/mine/model.safetensors") { file, json };
        command.SetAction(result => Info(terminal, ModelFiles.Find(result.GetValue(file)), result.GetValue(json)));
        return command;
    }

    private static int Info(Terminal terminal, string path, bool json)
    {
        var file = SafetensorsFile.Read(path);
        var description = CrypsonModel.IsModel(file) ? Describe(CrypsonModel.Load(file, path)) : DescribeCheckpoint(file, path);
        var result = new JsonObject { ["file"] = path, ["bytes"] = new FileInfo(path).Length };
        foreach (var (name, value) in description.ToList())
        {
            description.Remove(name);
            result[name] = value;
        }

        if (json)
        {
            JsonText.Write(result);
            return ExitCode.Done;
        }

        foreach (var (name, value) in result.Where(entry => entry.Value is JsonValue))
        {
            terminal.Line($"{name,-10} {(name == "bytes" ? $"{value} ({Format.Bytes(new FileInfo(path).Length)})" : value)}");
        }

        var table = new TextTable().Left("network").Right("parameters");
        foreach (var (name, count) in result["networks"]!.AsObject())
        {
            table.Row(name, Format.Count(count!.GetValue<long>()));
        }

        terminal.Table(table);
        terminal.Line("configuration:");
        foreach (var (key, value) in ConfigBuilder.Flatten(result["config"]!.AsObject()))
        {
            terminal.Line($"  {key}={value}");
        }

        return ExitCode.Done;
    }

    private static JsonObject Describe(CrypsonModel model) => new()
    {
        ["kind"] = "model",
        ["letters"] = $"{model.Classes}",
        ["hash"] = Convert.ToHexStringLower(model.Hash.Span),
        ["networks"] = new JsonObject
        {
            ["generator"] = model.Generator.ParameterCount,
            ["vae"] = model.Vae.ParameterCount,
            ["classifier"] = model.Classifier.ParameterCount,
            ["time"] = model.TimeEmbedding.ParameterCount,
        },
        ["config"] = JsonNode.Parse(model.Config.ToJson()),
    };

    // A checkpoint's tensors are named after their network; those of the optimisers are not part of one.
    private static JsonObject DescribeCheckpoint(SafetensorsFile file, string path)
    {
        if (!file.Metadata.TryGetValue("task", out var task) || !file.Metadata.ContainsKey("config"))
        {
            throw new SafetensorsException($"{path} is neither a model nor a checkpoint of crypson\n  hint: it is a sound safetensors file with {file.Names.Count} tensors, made by another program");
        }

        var networks = new JsonObject();
        foreach (var part in file.Names.Where(name => !name.StartsWith("optimizer.", StringComparison.Ordinal)).GroupBy(name => name.Split('.')[0]))
        {
            networks[part.Key] = part.Where(name => !name.Contains("running_", StringComparison.Ordinal)).Sum(name => file[name].Shape.Aggregate(1L, (product, size) => product * size));
        }

        var reader = new StateReader(file);
        return new JsonObject
        {
            ["kind"] = "checkpoint",
            ["task"] = task,
            ["step"] = reader.Integer("step"),
            ["letters"] = reader.Text("classes"),
            ["networks"] = networks,
            ["config"] = JsonNode.Parse(CrypsonConfig.FromJson(reader.Text("config")).ToComputationJson()),
        };
    }

    private static ExampleCommand CreateBuild(Terminal terminal)
    {
        var generator = Options.Path("--generator", "PATH", "The cGAN's run folder, checkpoint, or a model.");
        var vae = Options.Path("--vae", "PATH", "The VAE's run folder, checkpoint, or a model.");
        var classifier = Options.Path("--classifier", "PATH", "The classifier's run folder, checkpoint, or a model.");
        var output = Options.Path("--output", "FILE", "The model file to write.", "-o");
        var command = new ExampleCommand("build", "Join a generator, a VAE and a classifier that were trained one by one into a model.", "crypson model build --generator runs/cgan-1 --vae runs/vae-1 --classifier runs/classifier-1 -o mine.safetensors")
        {
            generator, vae, classifier, output,
        };
        command.SetAction(result =>
        {
            string Required(Option<string?> option) => result.GetValue(option) ?? throw new UsageException($"{option.Name} is missing\n  hint: see 'crypson model build --help'");
            var (generatorPath, vaePath, classifierPath, target) = (Required(generator), Required(vae), Required(classifier), Required(output));
            if (OutputFile.IsStandard(target))
            {
                throw new UsageException("a model is written to a file\n  hint: -o mine.safetensors");
            }

            OutputFile.Check(terminal, target, null, binary: true);
            var model = ModelAssembly.Join(
                ModelFiles.FindNetwork(generatorPath, "cgan", "--generator"), ModelFiles.FindNetwork(vaePath, "vae", "--vae"),
                ModelFiles.FindNetwork(classifierPath, "classifier", "--classifier"));
            Folders.CreateFor(target);
            model.Save(target);
            terminal.Line($"model {target}, hash {Convert.ToHexStringLower(model.Hash.Span)}");
            return ExitCode.Done;
        });
        return command;
    }
}
