using System.Text.Json.Nodes;
using Crypson.Models;

namespace Crypson.Cli;

/// <summary>The result of <c>crypson train</c>.</summary>
internal static class TrainingReport
{
    /// <summary>Where <c>train all</c> puts the model.</summary>
    public static string ModelPath(string run) => Path.Combine(run, "model.safetensors");

    /// <summary>Prints the stages and returns the exit code.</summary>
    public static int Print(Terminal terminal, TrainingRequest request, string path, List<StageResult> results)
    {
        var last = results[^1];
        var model = request.Task == "all" && last is { Task: "classifier", Reason: StopReason.Finished or StopReason.MaxSteps } ? ModelPath(path) : null;
        if (request.Json)
        {
            var stages = new JsonArray([.. results.Select(ToJson)]);
            JsonText.Write(request.Task == "all" ? new JsonObject { ["task"] = "all", ["run"] = path, ["model"] = model, ["stages"] = stages } : ToJson(last));
        }
        else
        {
            Print(terminal, path, results, model);
        }

        if (last.Reason is StopReason.Cancelled or StopReason.TimeBudget)
        {
            SayHowToResume(terminal, request.Task, path, $"{(last.Reason == StopReason.Cancelled ? "interrupted" : "the time is up")} at step {Format.Count(last.Step)}, saved");
        }

        return last.Reason == StopReason.Cancelled ? ExitCode.Interrupted : ExitCode.Done;
    }

    /// <summary>Says where it stopped and how it goes on.</summary>
    public static void SayHowToResume(Terminal terminal, string task, string path, string what)
    {
        terminal.Say("note", what);
        terminal.Say("hint", $"continue with: crypson train {task} --run {path} --resume");
    }

    private static void Print(Terminal terminal, string path, List<StageResult> results, string? model)
    {
        var table = new TextTable().Left("task").Left("stopped by").Right("step").Right("of").Left("last validation");
        foreach (var result in results)
        {
            table.Row(
                result.Task, Reason(result.Reason), Format.Count(result.Step), Format.Count(result.Steps),
                result.Validation is { } row && MetricText.Values(row.Values) is { Length: > 0 } values ? values : "none yet");
        }

        terminal.Table(table);
        terminal.Line($"run folder: {path}");
        if (model is not null)
        {
            terminal.Line($"model: {model}");
        }
    }

    private static string Reason(StopReason reason) => reason switch
    {
        StopReason.Finished => "end of epochs",
        StopReason.MaxSteps => "--max-steps",
        StopReason.TimeBudget => "--time-budget",
        _ => "Ctrl-C",
    };

    private static JsonObject ToJson(StageResult result)
    {
        var json = new JsonObject
        {
            ["task"] = result.Task,
            ["run"] = result.Folder,
            ["stopped"] = result.Reason switch { StopReason.Finished => "finished", StopReason.MaxSteps => "max-steps", StopReason.TimeBudget => "time-budget", _ => "interrupted" },
            ["step"] = result.Step,
            ["steps"] = result.Steps,
            ["checkpoint"] = new RunFolder(result.Folder).LastPath,
        };
        if (result.Validation is { } row)
        {
            var values = new JsonObject { ["epoch"] = row.Epoch, ["step"] = row.Step };
            foreach (var (name, value) in row.Values)
            {
                values[name] = JsonText.Number(value);
            }

            json["validation"] = values;
        }

        return json;
    }
}
