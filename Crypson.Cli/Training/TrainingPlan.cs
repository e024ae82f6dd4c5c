using System.Text.Json.Nodes;
using Crypson.Models;

namespace Crypson.Cli;

/// <summary>What a run would do: <c>--dry-run</c>.</summary>
/// <param name="request">What the command line says.</param>
/// <param name="config">The configuration.</param>
/// <param name="record">The sources.</param>
/// <param name="path">The run folder.</param>
/// <param name="device">Where it would run.</param>
/// <param name="terminal">Where it speaks.</param>
internal sealed class TrainingPlan(TrainingRequest request, CrypsonConfig config, RunRecord record, string path, Device device, Terminal terminal)
{
    // Read once, for whichever tasks learn from it.
    private readonly Lazy<ImageDataset> folder = new(() => record.Data.LoadTrain(config.Seed, terminal));

    /// <summary>Prints the plan; nothing is written.</summary>
    public void Print()
    {
        var stages = request.Tasks.Select(Describe).ToList();
        if (request.Json)
        {
            JsonText.Write(new JsonObject
            {
                ["run"] = path,
                ["stages"] = new JsonArray([.. stages.Select(stage => stage.ToJson())]),
                ["config"] = JsonNode.Parse(config.ToJson()),
            });
            return;
        }

        foreach (var stage in stages)
        {
            stage.Print(terminal);
        }

        terminal.Line($"run folder: {path} (nothing was written)");
    }

    private PlannedStage Describe(string task)
    {
        var (source, classes, count) = Source(task);
        var built = task == "classifier" && request.Task != "all" ? ClassifierSources.Load(record).Apply(config) : config;
        return task switch
        {
            "cgan" => Create(config.Cgan.Epochs, config.Cgan.BatchSize, config.Cgan.ValidationFraction),
            "vae" => Create(config.Vae.Epochs, config.Vae.BatchSize, config.Vae.ValidationFraction),
            _ => Create(config.Classifier.Epochs, config.Classifier.BatchSize, config.Classifier.ValidationFraction),
        };

        PlannedStage Create(int epochs, int batchSize, double fraction)
        {
            var perEpoch = Schedule.StepsPerEpoch(count, fraction, batchSize);
            if (perEpoch == 0)
            {
                throw new DataException($"{task}: {count} images are fewer than one batch of {batchSize}\n  hint: use a smaller batch size or more images");
            }

            var steps = Math.Min((long)epochs * perEpoch, request.Limits.MaxSteps ?? long.MaxValue);
            return new PlannedStage(task, source, count, epochs, batchSize, perEpoch, steps, TrialStep.Measure(task, built, classes, batchSize, count, device));
        }
    }

    private (string Source, ClassMapping Classes, int Count) Source(string task)
    {
        if (task == "cgan" || (task == "vae" && config.Vae.Images == "real"))
        {
            return record.Data.Folder is null
                ? ($"{record.Data}", record.Data.SynthesizedClasses, record.Data.Classes * record.Data.PerClass)
                : ($"{record.Data}", folder.Value.Classes, folder.Value.Count);
        }

        var count = task == "vae" ? config.Vae.Samples : config.Classifier.Samples;
        return ("letters drawn by the generator", request.Task == "all" ? Source("cgan").Classes : Checkpoints.LoadGenerator(ModelFiles.FindNetwork(record.Generator, "cgan", "--generator")).Classes, count);
    }
}
