using System.CommandLine;
using Crypson.Models;

namespace Crypson.Cli;

/// <summary>The options of <c>crypson train</c>.</summary>
internal sealed class TrainingOptions
{
    private readonly string task;
    private readonly Option<string?> data = Options.Path("--data", "DIR", "Train on this EMNIST folder; on synthesised handwriting if left out.");
    private readonly Option<string?> split = Options.Text("--split", "NAME", "The folder's split, such as balanced; found by itself if it is clear.");
    private readonly Option<string?> classes = Options.Choice("--classes", "Letters to synthesise: 47 as EMNIST Balanced (default), 62 as EMNIST ByClass.", "47", "62");
    private readonly Option<long?> perClass = Options.Integer("--per-class", "Images of each letter to synthesise; 2400 if left out.", 1, 20_000);
    private readonly Option<string?> generator = Options.Path("--generator", "PATH", "Whose generator draws the letters: a cGAN run folder, a checkpoint or a model; the shipped model if left out.");
    private readonly Option<string?> vae = Options.Path("--vae", "PATH", "Whose VAE encodes the letters: a VAE run folder, a checkpoint or a model; the shipped model if left out.");
    private readonly Option<string?> run = Options.Path("--run", "DIR", "The run folder; the first free one of runs/<task>-1, -2, ... if left out.");
    private readonly Option<string?> preset = Options.Choice("--preset", "A named configuration: paper (default), what the published code does otherwise, or small networks.", [.. CrypsonConfig.Presets]);
    private readonly Option<string?> config = Options.Path("--config", "FILE", "A JSON file with configuration keys, over the preset.");
    private readonly Option<string[]> assignments = Options.Texts("--set", "KEY=VALUE", "One configuration key, over the file; may be repeated.");
    private readonly Option<long?> epochs = Options.Integer("--epochs", "Epochs from the beginning of the run, a resumed part included.", 1, 1_000_000);
    private readonly Option<long?> maxSteps = Options.Integer("--max-steps", "Stop after this many steps from the beginning of the run.", 1);
    private readonly Option<long?> batchSize = Options.Integer("--batch-size", "Images per step.", 2, 65536);
    private readonly Option<double?> learningRate = Options.Positive("--lr", "Learning rate.");
    private readonly Option<ulong?> seed = Options.Unsigned("--seed", "Key of every random number; 1 if left out.");
    private readonly Option<long?> threads = Options.Threads();
    private readonly Option<string?> device = DeviceChoice.Option();
    private readonly Option<bool> resume = Options.Flag("--resume", "Continue the run in --run from its last checkpoint.");
    private readonly Option<bool> dryRun = Options.Flag("--dry-run", "Show plan, shapes, parameters and memory; write nothing.");
    private readonly Option<TimeSpan?> timeBudget = Options.Time("--time-budget", "Stop after this time, such as 90s, 10m or 1h30m; everything is saved.");
    private readonly Option<long?> checkpointEvery = Options.Integer("--checkpoint-every", "Steps between checkpoints inside an epoch; 500 if left out.", 1, int.MaxValue);
    private readonly Option<bool> json = Options.Flag("--json", "Print the result as JSON.");
    private readonly Option<bool> quiet = Options.Flag("--quiet", "Leave out notes and progress.", "-q");

    /// <param name="command">Gets the options.</param>
    /// <param name="task">What it trains; options of the other tasks are left out.</param>
    public TrainingOptions(Command command, string task)
    {
        this.task = task;
        Option[] sources = [data, split, classes, perClass];
        Option[] networks = task switch { "vae" => [generator], "classifier" => [generator, vae], _ => [] };
        foreach (var option in (Option[])
            [
                .. task == "classifier" ? [] : sources, .. networks, run, resume, preset, config, assignments, epochs, maxSteps, batchSize, learningRate,
                seed, threads, device, timeBudget, checkpointEvery, dryRun, json, quiet,
            ])
        {
            command.Add(option);
        }
    }

    /// <summary>What the command line says. Sets threads and quietness.</summary>
    /// <exception cref="UsageException">No device has the name.</exception>
    /// <exception cref="NotSupportedException">The device is not there.</exception>
    public TrainingRequest Read(ParseResult result, Terminal terminal)
    {
        terminal.Quiet = result.GetValue(quiet);
        Options.ApplyThreads(result.GetValue(threads));
        return new TrainingRequest
        {
            Task = task,
            Data = Value(data),
            Split = Value(split),
            Classes = Value(classes) is { } count ? int.Parse(count) : null,
            PerClass = (int?)Value(perClass),
            Generator = Value(generator),
            Vae = Value(vae),
            Run = Value(run),
            Preset = Value(preset),
            ConfigFile = Value(config),
            Assignments = Value(assignments) ?? [],
            Epochs = Value(epochs),
            BatchSize = Value(batchSize),
            LearningRate = Value(learningRate),
            Seed = Value(seed),
            Resume = Value(resume),
            DryRun = Value(dryRun),
            Json = Value(json),
            Device = new DeviceChoice(Value(device)),
            Limits = new TrainingLimits
            {
                MaxSteps = Value(maxSteps),
                TimeBudget = Value(timeBudget),
                CheckpointEvery = (int)(Value(checkpointEvery) ?? 500),
            },
        };

        // Options that the task does not have say nothing.
        T? Value<T>(Option<T> option) => result.CommandResult.Command.Options.Contains(option) ? result.GetValue(option) : default;
    }
}
