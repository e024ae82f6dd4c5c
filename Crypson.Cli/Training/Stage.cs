using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Crypson.Models;
using Crypson.Nn;

namespace Crypson.Cli;

/// <summary>Trains one of the three tasks in its folder.</summary>
/// <param name="terminal">Where it speaks.</param>
/// <param name="interrupt">Stops it.</param>
/// <param name="device">Where the networks are; a run may go on with another one.</param>
internal sealed class Stage(Terminal terminal, Interrupt interrupt, Device device)
{
    private readonly TrainingRunner runner = new(terminal, interrupt);

    /// <summary>
    /// Whether a task starts again when the networks it learns from have been trained further; otherwise that is an error.
    /// </summary>
    public bool FollowsNetworks { get; init; }

    /// <summary>Trains from the beginning or from the last checkpoint.</summary>
    /// <exception cref="OperationCanceledException">Ctrl-C while letters were drawn.</exception>
    public StageResult Run(string task, CrypsonConfig config, RunRecord record, string path, TrainingLimits limits, bool resume)
    {
        var folder = new RunFolder(path);
        return task switch
        {
            "cgan" => RunCgan(config, record, folder, limits, resume),
            "vae" => RunVae(config, record, folder, limits, resume),
            _ => RunClassifier(config, record, folder, limits, resume),
        };
    }

    private StageResult RunCgan(CrypsonConfig config, RunRecord record, RunFolder folder, TrainingLimits limits, bool resume)
    {
        var images = record.Data.LoadTrain(config.Seed, terminal);
        var task = new CganTask(images, config.Cgan, config.Seed, device);
        Begin(config, record, folder, DataChoice.Fingerprint(images));
        return Train(task, config, images.Classes, folder, limits, resume);
    }

    private StageResult RunVae(CrypsonConfig config, RunRecord record, RunFolder folder, TrainingLimits limits, bool resume)
    {
        ImageDataset images;
        if (config.Vae.Images == "real")
        {
            images = record.Data.LoadTrain(config.Seed, terminal);
            Begin(config, record, folder, DataChoice.Fingerprint(images));
        }
        else
        {
            var path = ModelFiles.FindNetwork(record.Generator, "cgan", "--generator");
            var (generator, source, classes) = Checkpoints.LoadGenerator(path);
            config = config with { Cgan = source.Cgan };
            Begin(config, record with { Generator = Path.GetFullPath(path) }, folder, Fingerprint(classes, generator));
            var first = resume ? SavedStep("vae", folder) : 0;
            if (first > 0 && FindFinished("vae", config, folder, limits, first) is { } finished)
            {
                return finished;
            }

            generator.To(device);
            images = runner.DrawImages(generator, classes, config, Steps(first, limits));
        }

        return Train(new VaeTask(images, config.Vae, config.Seed, device), config, images.Classes, folder, limits, resume);
    }

    private StageResult RunClassifier(CrypsonConfig config, RunRecord record, RunFolder folder, TrainingLimits limits, bool resume)
    {
        var sources = ClassifierSources.Load(record);
        var (generator, vae, classes) = (sources.Generator, sources.Vae, sources.Classes);
        config = sources.Apply(config);
        Begin(config, record with { Generator = Path.GetFullPath(sources.GeneratorPath), Vae = Path.GetFullPath(sources.VaePath) }, folder, Fingerprint(classes, generator, vae));
        var first = resume ? SavedStep("classifier", folder) : 0;
        if (first > 0 && FindFinished("classifier", config, folder, limits, first) is { } finished)
        {
            return finished;
        }

        generator.To(device);
        vae.To(device);
        var letters = runner.DrawLetters(generator, vae, config, Steps(first, limits));
        return Train(new ClassifierTask(letters, vae, classes.Count, config.Classifier, config.Seed, device), config, classes, folder, limits, resume);
    }

    private StageResult Train(TrainingTask task, CrypsonConfig config, ClassMapping classes, RunFolder folder, TrainingLimits limits, bool resume)
    {
        var (reason, loop) = runner.Train(task, folder, config, classes, limits, resume);
        return new StageResult(task.Name, folder.Path, reason, loop.Step, (long)task.Epochs * task.StepsPerEpoch, LastValidation(loop.Metrics.Rows));
    }

    // The folder has to know what it is for before the long work begins, so that --resume finds it.
    private void Begin(CrypsonConfig config, RunRecord record, RunFolder folder, string fingerprint)
    {
        if (record.Fingerprint is { } before && before != fingerprint)
        {
            if (!FollowsNetworks || record.Generator is null)
            {
                throw new DataException(
                    $"'{folder.Path}' was started on other {(record.Generator is null ? "images" : "networks")} than are there now\n  hint: bring back what it was started on, or start another run with another --run");
            }

            terminal.Note($"{record.Task}: starts again, because what it learns from has been trained further");
            folder.Clear();
        }

        if (!folder.HoldsRun)
        {
            Folders.Create(folder.Path);
            folder.Start(config);
        }

        (record with { Fingerprint = fingerprint }).Save(folder.Path);
    }

    private static string Fingerprint(ClassMapping classes, params ReadOnlySpan<Module> networks)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{classes}\n"));
        foreach (var network in networks)
        {
            foreach (var (_, value) in network.State())
            {
                hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(value.ToArray().AsSpan()));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // Drawing letters takes long, so those that no step takes are left out. A run that goes on later draws the others then.
    private static (long First, long End)? Steps(long first, TrainingLimits limits) => limits.MaxSteps is { } end ? (first, end) : null;

    // The step of the last checkpoint, 0 if there is none or another task's.
    private static long SavedStep(string task, RunFolder folder)
    {
        var metadata = File.Exists(folder.LastPath) ? SafetensorsFile.Read(folder.LastPath).Metadata : new Dictionary<string, string>();
        return metadata.TryGetValue("task", out var found) && found == task && metadata.TryGetValue("step", out var text)
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : 0;
    }

    // For the same reason a stage that has nothing left to do is recognised before.
    private StageResult? FindFinished(string task, CrypsonConfig config, RunFolder folder, TrainingLimits limits, long step)
    {
        var (epochs, batchSize, samples, fraction) = task == "vae"
            ? (config.Vae.Epochs, config.Vae.BatchSize, config.Vae.Samples, config.Vae.ValidationFraction)
            : (config.Classifier.Epochs, config.Classifier.BatchSize, config.Classifier.Samples, config.Classifier.ValidationFraction);
        var steps = (long)epochs * Schedule.StepsPerEpoch(samples, fraction, batchSize);
        if (step < Math.Min(steps, limits.MaxSteps ?? long.MaxValue))
        {
            return null;
        }

        terminal.Note($"{task}: nothing left to do after step {Format.Count(step)}");
        return new StageResult(task, folder.Path, step < steps ? StopReason.MaxSteps : StopReason.Finished, step, steps, LastValidation(new MetricsLog(folder.Path, step).Rows));
    }

    private static MetricsRow? LastValidation(IEnumerable<MetricsRow> rows) => rows.LastOrDefault(row => row.Phase == MetricsRow.Validation);
}
