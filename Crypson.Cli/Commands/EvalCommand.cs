using System.CommandLine;
using System.Text.Json.Nodes;
using Crypson.Models;

namespace Crypson.Cli;

/// <summary><c>crypson eval</c>.</summary>
internal static class EvalCommand
{
    private const int DefaultLettersPerClass = 100;

    public static Command Create(Terminal terminal)
    {
        var model = Options.Path("--model", "FILE", "The model, a .safetensors file or a run folder of 'train all'; the shipped one if left out.");
        var data = Options.Path("--data", "DIR", "Also read the test images of this EMNIST folder.");
        var split = Options.Text("--split", "NAME", "The folder's split, such as balanced; found by itself if it is clear.");
        var letters = Options.Integer("--letters", "Letters to draw and read back; 100 of each if left out.", 1, 10_000_000);
        var seed = Options.Unsigned("--seed", "Key of the drawings; 1 if left out.");
        var output = Options.Path("--out", "DIR", "Write confusion matrices as SVG into this folder.");
        var threads = Options.Threads();
        var device = DeviceChoice.Option();
        var json = Options.Flag("--json", "Print the result as JSON.");
        var quiet = Options.Flag("--quiet", "Leave out notes.", "-q");
        var command = new ExampleCommand("eval", "Measure how many letters a model reads correctly, drawn by itself and real ones.", "crypson eval", "crypson eval --model runs/mine --data emnist --split balanced --out report")
        {
            model, data, split, letters, seed, output, threads, device, json, quiet,
        };
        command.SetAction(result =>
        {
            terminal.Quiet = result.GetValue(quiet);
            Options.ApplyThreads(result.GetValue(threads));
            DataChoice.RequireFolder(result.GetValue(data), result.GetValue(split));
            return Run(terminal, result.GetValue(model), result.GetValue(data), result.GetValue(split), (int?)result.GetValue(letters), result.GetValue(seed) ?? 1, result.GetValue(output), new DeviceChoice(result.GetValue(device)), result.GetValue(json));
        });
        return command;
    }

    private static int Run(Terminal terminal, string? modelPath, string? data, string? splitName, int? letters, ulong seed, string? output, DeviceChoice device, bool json)
    {
        var path = ModelFiles.Find(modelPath);
        var model = CrypsonModel.Load(path);
        (string Split, ImageDataset Images)? test = data is null ? null : DataChoice.LoadTest(data, splitName, terminal);
        model.To(device.Use(terminal));
        var parts = new List<Part>
        {
            new("generated", "letters drawn by the model", ModelEvaluation.Generated(model, letters ?? (DefaultLettersPerClass * model.Classes.Count), seed)),
        };
        if (test is var (split, images))
        {
            parts.Add(new("real", $"test images of {split}", ModelEvaluation.Images(model, images)));
        }

        if (output is not null)
        {
            Folders.Create(output);
            foreach (var part in parts)
            {
                ConfusionChart.Save(Path.Combine(output, $"confusion-{part.Name}.svg"), $"Confusion: {part.Title}", model.Classes, (actual, read) => part.Confusion[actual, read]);
            }
        }

        if (json)
        {
            JsonText.Write(ToJson(path, model, parts));
        }
        else
        {
            Print(terminal, model, parts);
        }

        return ExitCode.Done;
    }

    private static void Print(Terminal terminal, CrypsonModel model, List<Part> parts)
    {
        var table = new TextTable().Left("letter");
        parts.ForEach(part => table.Right(part.Name).Right("correct").Left("mostly read as"));
        for (var i = 0; i < model.Classes.Count; i++)
        {
            var actual = i;
            table.Row([$"{model.Classes[i]}", .. parts.SelectMany<Part, string>(part =>
                [Format.Count(part.Confusion.CountOf(actual)), Format.Percent(part.Confusion.AccuracyOf(actual)), Mistakes(model.Classes, part.Confusion, actual)])]);
        }

        terminal.Table(table);
        foreach (var part in parts)
        {
            terminal.Line($"{part.Name}: {Format.Percent(part.Confusion.Accuracy)} of {Format.Count(part.Confusion.Total)} letters correct ({part.Title})");
        }
    }

    // The wrong letter that the class was read as most often.
    private static string Mistakes(ClassMapping classes, ConfusionMatrix confusion, int actual)
    {
        var wrong = Enumerable.Range(0, classes.Count).Where(read => read != actual).MaxBy(read => confusion[actual, read]);
        return confusion[actual, wrong] == 0 ? string.Empty : $"{classes[wrong]} {Format.Percent((double)confusion[actual, wrong] / confusion.CountOf(actual))}";
    }

    private static JsonObject ToJson(string path, CrypsonModel model, List<Part> parts)
    {
        var result = new JsonObject { ["model"] = path, ["hash"] = Convert.ToHexStringLower(model.Hash.Span) };
        foreach (var (name, title, confusion) in parts)
        {
            var perClass = new JsonObject();
            for (var i = 0; i < model.Classes.Count; i++)
            {
                perClass[$"{model.Classes[i]}"] = JsonText.Number(confusion.AccuracyOf(i));
            }

            result[name] = new JsonObject
            {
                ["letters"] = confusion.Total,
                ["of"] = title,
                ["accuracy"] = JsonText.Number(confusion.Accuracy),
                ["perClass"] = perClass,
            };
        }

        return result;
    }

    private sealed record Part(string Name, string Title, ConfusionMatrix Confusion);
}
