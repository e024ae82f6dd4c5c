using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Crypson.Nn;

namespace Crypson.Models;

/// <summary>
/// Runs a training task in a run folder: steps, validation after every epoch, checkpoints, metrics and pictures. A
/// checkpoint depends on configuration, data and step alone: however often a run was interrupted, its bytes are the same.
/// </summary>
public sealed class TrainingLoop
{
    private const string Format = "crypson-checkpoint/1";
    private const string SumPrefix = "sum.";
    private readonly TrainingTask task;
    private readonly RunFolder folder;
    private readonly CrypsonConfig config;
    private readonly ClassMapping classes;
    private readonly TrainingLimits limits;
    private readonly ITrainingObserver? observer;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private MetricsLog metrics;

    // Sums of the training values since the epoch, or for a running mean the run, began.
    private readonly MetricValues sums = [];
    private double best = double.NaN;
    private long savedStep = -1;

    // What this process trained, without validation.
    private TimeSpan trainedTime;
    private long trainedSteps;

    /// <param name="task">What to train.</param>
    /// <param name="folder">Where to keep it.</param>
    /// <param name="config">Kept beside it.</param>
    /// <param name="classes">Kept with the weights.</param>
    /// <param name="limits">When to stop.</param>
    /// <param name="observer">Hears how it goes.</param>
    /// <param name="resume">Continues from the last checkpoint, if there is one.</param>
    /// <exception cref="SafetensorsException">The checkpoint is damaged or belongs to another task or configuration.</exception>
    public TrainingLoop(
        TrainingTask task, RunFolder folder, CrypsonConfig config, ClassMapping classes, TrainingLimits limits, ITrainingObserver? observer, bool resume)
    {
        (this.task, this.folder, this.config, this.classes, this.limits, this.observer) = (task, folder, config, classes, limits, observer);
        if (resume && File.Exists(folder.LastPath))
        {
            Load();
        }

        folder.Start(config);
        metrics = new MetricsLog(folder.Path, Step);
    }

    /// <summary>Steps done since the beginning of the run.</summary>
    public long Step { get; private set; }

    /// <summary>The metrics so far.</summary>
    public MetricsLog Metrics => metrics;

    private long TotalSteps => Math.Min((long)task.Epochs * task.StepsPerEpoch, limits.MaxSteps ?? long.MaxValue);

    /// <summary>Trains until a limit is reached or the token is cancelled; the last step is always logged and saved.</summary>
    public StopReason Run(CancellationToken cancellation = default)
    {
        var reason = StopReason.Finished;
        while (Step < TotalSteps)
        {
            var stopped = RunEpoch((int)(Step / task.StepsPerEpoch), cancellation);
            if (stopped is not null)
            {
                reason = stopped.Value;
                break;
            }
        }

        if (reason == StopReason.Finished && Step < (long)task.Epochs * task.StepsPerEpoch)
        {
            reason = StopReason.MaxSteps;
        }

        Checkpoint();
        if (double.IsNaN(best))
        {
            // Nothing was validated yet: the newest weights are the best known.
            Write(folder.BestPath);
        }

        RunReport.Write(folder, task, metrics, config, classes);
        return reason;
    }

    // Trains the rest of an epoch; null when the epoch or the run is complete.
    private StopReason? RunEpoch(int epoch, CancellationToken cancellation)
    {
        var started = clock.Elapsed - trainedTime;
        foreach (var values in task.Train(epoch, (int)(Step % task.StepsPerEpoch)))
        {
            Step++;
            foreach (var (name, value) in values)
            {
                sums[name] = sums.GetValueOrDefault(name) + value;
            }

            trainedTime = clock.Elapsed - started;
            var speed = ++trainedSteps / Math.Max(1e-9, trainedTime.TotalSeconds);
            observer?.OnStep(new TrainingProgress(
                task.Name, epoch + 1, task.Epochs, Step, TotalSteps, values, speed * task.BatchSize, TimeSpan.FromSeconds((TotalSteps - Step) / speed)));
            var epochEnds = Step % task.StepsPerEpoch == 0;
            StopReason? stop = cancellation.IsCancellationRequested ? StopReason.Cancelled
                : clock.Elapsed > limits.TimeBudget ? StopReason.TimeBudget : null;
            if (Step % limits.LogEvery == 0 || epochEnds || stop is not null || Step >= TotalSteps)
            {
                metrics.Add(new MetricsRow(MetricsRow.Train, epoch + 1, Step, values));
            }

            if (epochEnds)
            {
                EndEpoch(epoch, values.Keys);
            }
            else if (Step % limits.CheckpointEvery == 0)
            {
                Checkpoint();
            }

            if (stop is not null && Step < TotalSteps)
            {
                return stop;
            }

            if (Step >= TotalSteps)
            {
                break;
            }
        }

        return null;
    }

    private void EndEpoch(int epoch, IEnumerable<string> names)
    {
        var values = task.Validate();
        foreach (var name in names)
        {
            if (task.IsRunningMean(name))
            {
                values[$"train_{name}"] = sums[name] / Step;
            }
            else
            {
                values[$"train_{name}"] = sums[name] / task.StepsPerEpoch;
                sums.Remove(name);
            }
        }

        var isBest = false;
        if (values.TryGetValue(task.BestBy, out var value) && (double.IsNaN(best) || (task.LargerIsBetter ? value > best : value < best)))
        {
            (best, isBest) = (value, true);
        }

        var row = new MetricsRow(MetricsRow.Validation, epoch + 1, Step, values);
        metrics.Add(row);
        if (task.DrawSamples() is { } picture)
        {
            PngWriter.Save(folder.SamplePath(epoch + 1), picture);
        }

        if (isBest)
        {
            Write(folder.BestPath);
        }

        Checkpoint();
        RunReport.Write(folder, task, metrics, config, classes);
        observer?.OnValidation(row, isBest);
    }

    private void Checkpoint()
    {
        if (savedStep == Step)
        {
            return;
        }

        Write(folder.LastPath);
        savedStep = Step;
        metrics.WriteCsv();
        observer?.OnCheckpoint(folder.LastPath, Step);
    }

    private void Write(string path)
    {
        var writer = new SafetensorsWriter();
        task.Save(writer);
        writer.Metadata["format"] = Format;
        writer.Metadata["task"] = task.Name;
        writer.Metadata["step"] = $"{Step}";
        writer.Metadata["best"] = best.ToString("R", CultureInfo.InvariantCulture);
        foreach (var (name, sum) in sums)
        {
            writer.Metadata[SumPrefix + name] = sum.ToString("R", CultureInfo.InvariantCulture);
        }

        writer.Metadata["classes"] = classes.ToString();
        writer.Metadata["config"] = config.ToComputationJson();
        writer.Save(path);
    }

    private void Load()
    {
        var file = SafetensorsFile.Read(folder.LastPath);
        var reader = new StateReader(file);
        if (reader.Text("format") != Format || reader.Text("task") != task.Name)
        {
            throw new SafetensorsException($"{folder.LastPath} is not a checkpoint of a {task.Name} run\n  hint: give the run its own folder with --run");
        }

        if (!IsSameComputation(reader.Text("config")) || reader.Text("classes") != classes.ToString())
        {
            throw new SafetensorsException(
                $"{folder.LastPath} was made with another configuration or other classes\n  hint: resume with the options the run was started with (its config.json)");
        }

        task.Load(reader);
        reader.RequireNothingLeft();
        Step = reader.Integer("step");
        savedStep = Step;
        best = reader.Number("best");
        foreach (var entry in reader.Metadata.Keys.Where(key => key.StartsWith(SumPrefix, StringComparison.Ordinal)))
        {
            sums[entry[SumPrefix.Length..]] = reader.Number(entry);
        }
    }

    private bool IsSameComputation(string json)
    {
        try
        {
            return CrypsonConfig.FromJson(json).ToComputationJson() == config.ToComputationJson();
        }
        catch (JsonException e)
        {
            throw new SafetensorsException($"{folder.LastPath} has an unusable configuration: {e.Message}", e);
        }
    }
}
