using System.Diagnostics;
using System.Text.Json;
using Crypson.Models;
using Crypson.Nn;

namespace Crypson.Cli;

/// <summary>One call of <c>crypson train</c>: settles configuration and folder, trains stage by stage, reports.</summary>
/// <param name="terminal">Where it speaks.</param>
/// <param name="request">What the command line says.</param>
internal sealed class TrainingSession(Terminal terminal, TrainingRequest request)
{
    private readonly Stopwatch clock = Stopwatch.StartNew();

    /// <summary>Runs it; the exit code.</summary>
    public int Run()
    {
        var path = request.Run ?? FreeFolder();
        var before = FindRun(path);
        var config = before?.Config is { } started ? Continue(started) : request.BuildConfig(new CrypsonConfig());
        var record = new RunRecord(
            request.Task, request.ChooseData(before?.Record?.Data),
            TrainingRequest.ChoosePath("--generator", request.Generator, before?.Record?.Generator),
            TrainingRequest.ChoosePath("--vae", request.Vae, before?.Record?.Vae), before?.Record?.Fingerprint);
        if (request.DryRun)
        {
            new TrainingPlan(request, config, record, path, request.Device.Use(terminal), terminal).Print();
            return ExitCode.Done;
        }

        using var interrupt = new Interrupt(terminal);
        var results = new List<StageResult>();
        try
        {
            Train(new Stage(terminal, interrupt, request.Device.Use(terminal)) { FollowsNetworks = request.Task == "all" }, path, config, record, results);
        }
        catch (OperationCanceledException)
        {
            TrainingReport.SayHowToResume(terminal, request.Task, path, "interrupted between two steps");
            return ExitCode.Interrupted;
        }

        return TrainingReport.Print(terminal, request, path, results);
    }

    private void Train(Stage stage, string path, CrypsonConfig config, RunRecord record, List<StageResult> results)
    {
        if (request.Task != "all")
        {
            results.Add(stage.Run(request.Task, config, record, path, Limits(), request.Resume));
            return;
        }

        Folders.Create(path);
        AtomicFile.DeleteLeftovers(path);
        AtomicFile.Write(new RunFolder(path).ConfigPath, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(config.ToJson() + "\n")));
        record.Save(path);
        string In(string task) => Path.Combine(path, task);
        foreach (var task in request.Tasks)
        {
            var own = RunRecord.Load(In(task));
            var sources = new RunRecord(
                task, record.Data, task == "cgan" ? null : Path.GetFullPath(In("cgan")), task == "classifier" ? Path.GetFullPath(In("vae")) : null, own?.Fingerprint);
            results.Add(stage.Run(task, config, sources, In(task), Limits(), request.Resume));
            if (results[^1].Reason is StopReason.TimeBudget or StopReason.Cancelled)
            {
                return;
            }
        }

        ModelAssembly.Join(
            ModelFiles.FindNetwork(In("cgan"), "cgan", "--run"), ModelFiles.FindNetwork(In("vae"), "vae", "--run"),
            ModelFiles.FindNetwork(In("classifier"), "classifier", "--run")).Save(TrainingReport.ModelPath(path));
    }

    // The time that is left of the budget, which covers loading and drawing too.
    private TrainingLimits Limits() => request.Limits.TimeBudget is { } budget
        ? request.Limits with { TimeBudget = budget > clock.Elapsed ? budget - clock.Elapsed : TimeSpan.Zero }
        : request.Limits;

    private string FreeFolder()
    {
        if (request.Resume)
        {
            throw new UsageException($"--resume needs the run to continue\n  hint: --run runs/{request.Task}-1");
        }

        return Enumerable.Range(1, int.MaxValue).Select(i => Path.Combine("runs", $"{request.Task}-{i}"))
            .First(path => !Directory.Exists(path) && !File.Exists(path));
    }

    private (CrypsonConfig? Config, RunRecord? Record)? FindRun(string path)
    {
        var folder = new RunFolder(path);
        if (File.Exists(path))
        {
            throw new UsageException($"--run: '{path}' is a file\n  hint: a run needs a folder of its own");
        }

        if (!folder.HoldsRun)
        {
            return request.Resume
                ? throw new UsageException($"there is no run in '{path}' to continue\n  hint: check --run, or leave out --resume to start one")
                : null;
        }

        if (!request.Resume)
        {
            throw new UsageException($"the folder '{path}' holds a run already\n  hint: continue it with --resume, or choose another --run");
        }

        var record = RunRecord.Load(path);
        if (record is not null && record.Task != request.Task)
        {
            throw new UsageException($"the folder '{path}' holds a run of 'train {record.Task}'\n  hint: continue it with 'crypson train {record.Task} --run {path} --resume'");
        }

        if (!File.Exists(folder.LastPath) && request.Task != "all")
        {
            terminal.Note($"the run in '{path}' has no checkpoint yet, so it starts from the beginning");
        }

        return (ReadConfig(folder), record);
    }

    // Epochs count from the beginning of the run: fewer than were begun cannot be.
    private void RequireEpochs(string task, int epochs)
    {
        var folder = request.Task == "all" ? Path.Combine(request.Run!, task) : request.Run!;
        if (request.Tasks.Contains(task) && MetricsLog.LastEpoch(folder) is var begun && epochs < begun)
        {
            throw new UsageException($"{task}.epochs: {epochs} is too few, the run in '{folder}' is in epoch {begun}\n  hint: epochs count from the beginning of the run; give {begun} or more");
        }
    }

    private static CrypsonConfig? ReadConfig(RunFolder folder)
    {
        try
        {
            return File.Exists(folder.ConfigPath) ? CrypsonConfig.FromJson(File.ReadAllText(folder.ConfigPath)) : null;
        }
        catch (JsonException e)
        {
            throw new DataException($"'{folder.ConfigPath}' is damaged: {e.Message}\n  hint: delete it and resume with the options the run was started with", e);
        }
    }

    private CrypsonConfig Continue(CrypsonConfig started)
    {
        var config = request.BuildConfig(started);
        RequireEpochs("cgan", config.Cgan.Epochs);
        RequireEpochs("vae", config.Vae.Epochs);
        RequireEpochs("classifier", config.Classifier.Epochs);
        var differences = ConfigBuilder.Differences(started, config);
        return differences.Count == 0 ? config : throw new UsageException(
            $"the run was started with {string.Join("; ", differences)}\n  hint: only the number of epochs may change on --resume; start another run with another --run");
    }
}
