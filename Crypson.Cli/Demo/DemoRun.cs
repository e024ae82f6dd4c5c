using System.Diagnostics;
using System.Text;
using Crypson.Messaging;
using Crypson.Models;

namespace Crypson.Cli;

/// <summary>
/// The whole way of a message: three trainings on synthesised handwriting, sender, receiver. Without a cut by the time
/// budget the same settings give the same files.
/// </summary>
internal sealed class DemoRun
{
    private const string ReportName = "report.html";
    private const string Mark = ".crypson-demo";

    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly Terminal terminal;
    private readonly DemoSettings settings;
    private readonly DemoScreen screen;
    private readonly DemoBudget budget;
    private readonly Device device;

    /// <param name="terminal">Shows the stages.</param>
    /// <param name="settings">What to do.</param>
    public DemoRun(Terminal terminal, DemoSettings settings)
    {
        (this.terminal, this.settings) = (terminal, settings);
        screen = new DemoScreen(terminal, clock);
        budget = new DemoBudget(settings, () => clock.Elapsed);
        device = settings.Device.Use(terminal);
    }

    /// <summary>Does everything and returns the exit code.</summary>
    /// <exception cref="OperationCanceledException">Ctrl-C; the folder is as it was.</exception>
    public int Run()
    {
        using var folder = new ReplacedFolder(settings.Folder, Mark);
        using var interrupt = new Interrupt(terminal);
        var runner = new TrainingRunner(terminal, interrupt);
        screen.Title(settings);
        var handwriting = SynthesizedDataset.Train(settings.Classes, settings.Config.Seed, settings.ImagesPerClass);
        screen.Handwriting(handwriting);
        var (stages, model) = Train(folder, runner, handwriting, interrupt);
        model.Save(folder["model.safetensors"]);
        model.To(device);
        interrupt.ThrowIfRequested();

        var generated = ModelEvaluation.Generated(model, settings.TestLettersPerClass * settings.Classes.Count, settings.Config.Seed);
        var unseen = ModelEvaluation.Images(model, SynthesizedDataset.Test(settings.Classes, settings.Config.Seed, settings.TestLettersPerClass));
        screen.Accuracy(generated, unseen);
        var result = Send(folder, handwriting, stages, model, generated, unseen);
        interrupt.ThrowIfRequested();
        screen.Message(result);
        DemoReport.Build(result).Save(folder[ReportName]);
        PipelineChart.Save(folder["pipeline.svg"], [.. result.Characters.SelectMany(character => character.Letters).Take(8)]);
        folder.Complete();
        screen.Done(Path.Combine(settings.Folder, ReportName), result.Arrived);
        return result.Arrived ? ExitCode.Done : ExitCode.Failed;
    }

    private (IReadOnlyList<DemoStage> Stages, CrypsonModel Model) Train(
        ReplacedFolder folder, TrainingRunner runner, ImageDataset handwriting, Interrupt interrupt)
    {
        var config = settings.Config;
        var cgan = new CganTask(handwriting, config.Cgan, config.Seed, device);
        var first = Train(folder, runner, cgan, "cGAN", "learns to draw", budget.ForCgan(), config);
        _ = budget.ForVae();
        var started = clock.Elapsed;
        var images = runner.DrawImages(cgan.Generator, settings.Classes, config);
        budget.Measure(images.Count, clock.Elapsed - started);
        var vae = new VaeTask(images, config.Vae, config.Seed, device);
        interrupt.ThrowIfRequested();
        var second = Train(folder, runner, vae, "VAE", "learns to put a drawing into eight numbers", budget.ForVae(), config);
        config = config with { Classifier = config.Classifier with { Samples = budget.Letters(config.Classifier) } };
        var letters = runner.DrawLetters(cgan.Generator, vae.Vae, config);
        interrupt.ThrowIfRequested();
        var classifier = new ClassifierTask(letters, vae.Vae, settings.Classes.Count, config.Classifier, config.Seed, device);
        var third = Train(folder, runner, classifier, "Classifier", "learns to read the eight numbers", budget.ForClassifier(), config);
        return ([first, second, third], CrypsonModel.Assemble(config, settings.Classes, cgan.Generator, vae.Vae, classifier.Classifier));
    }

    private DemoStage Train(ReplacedFolder folder, TrainingRunner runner, TrainingTask task, string name, string purpose, TimeSpan time, CrypsonConfig config)
    {
        screen.Begin(name, purpose);
        var limits = new TrainingLimits { TimeBudget = time, CheckpointEvery = int.MaxValue };
        var (reason, loop) = runner.Train(task, new RunFolder(folder[task.Name]), config, settings.Classes, limits, resume: false);
        if (reason == StopReason.Cancelled)
        {
            throw new OperationCanceledException();
        }

        // A training that was cut in its first epoch has no validation.
        var last = (loop.Metrics.Rows.LastOrDefault(row => row.Phase == MetricsRow.Validation) ?? loop.Metrics.Rows[^1]).Values;
        var stage = new DemoStage(
            name, task, loop.Step, reason == StopReason.TimeBudget, RunReport.Charts(task, loop.Metrics.Rows), MetricText.Values(last));
        screen.Finish(stage);
        return stage;
    }

    // Through files, as between two people: the receiver has nothing but the model and the message.
    private DemoResult Send(
        ReplacedFolder folder, ImageDataset handwriting, IReadOnlyList<DemoStage> stages, CrypsonModel model, ConfusionMatrix generated, ConfusionMatrix unseen)
    {
        var content = Encoding.UTF8.GetBytes(settings.Text);
        var traces = new List<LetterTrace>();
        var message = Encode(model, content, traces.Add, stages.Any(stage => stage.WasCut));
        using (var file = File.Create(folder["message.crypson"]))
        {
            message.Write(file);
        }

        var receiver = CrypsonModel.Load(folder["model.safetensors"]);
        receiver.To(device);
        using var received = File.OpenRead(folder["message.crypson"]);
        var arrived = new MessageDecoder(receiver).Decode(MessageFile.Read(received));
        return new DemoResult(
            settings, handwriting, model, stages, generated, unseen, Characters(content, traces, arrived), received.Length,
            Encoding.UTF8.GetString(arrived), arrived.AsSpan().SequenceEqual(content));
    }

    private MessageFile Encode(CrypsonModel model, byte[] content, Action<LetterTrace> trace, bool wasCut)
    {
        try
        {
            return new MessageEncoder(model).Encode(content, 1, new Philox(settings.Config.Seed), wasCut ? budget.RequireSending : null, trace);
        }
        catch (MessageException e)
        {
            var advice = wasCut ? "the time budget cut the training; allow more with --time-budget" : "the networks learnt too little this time; try another --seed";
            throw new MessageException($"{e.Message.Split('\n')[0]}\n  hint: {advice}");
        }
    }

    // Each byte has one form as letters, whatever its neighbours, so a character's letters are those of its bytes alone.
    private List<DemoCharacter> Characters(byte[] content, List<LetterTrace> traces, byte[] arrived)
    {
        var codec = new SymbolCodec(settings.Classes.Characters);
        var read = codec.Encode(arrived);
        var result = new List<DemoCharacter>();
        var position = 0;
        foreach (var rune in Encoding.UTF8.GetString(content).EnumerateRunes())
        {
            var count = codec.Encode(Encoding.UTF8.GetBytes(rune.ToString())).Length;
            var letters = traces.GetRange(position, count).Select((trace, i) => new PipelineLetter(
                settings.Classes[trace.Symbol], trace.Image, trace.Latent, trace.Masked,
                position + i < read.Length ? settings.Classes[read[position + i]] : '?', trace.Draws));
            result.Add(new DemoCharacter(rune.ToString(), [.. letters]));
            position += count;
        }

        return result;
    }
}
