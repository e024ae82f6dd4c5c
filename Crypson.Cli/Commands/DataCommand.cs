using System.CommandLine;
using System.Text.Json.Nodes;
using Crypson.Models;

namespace Crypson.Cli;

/// <summary><c>crypson data info</c> and <c>crypson data synth</c>.</summary>
internal static class DataCommand
{
    public static Command Create(Terminal terminal) => new ExampleCommand("data", "Look at image data, or make some.", "crypson data info --data emnist", "crypson data synth --out letters")
    {
        CreateInfo(terminal), CreateSynth(terminal),
    };

    private static ExampleCommand CreateInfo(Terminal terminal)
    {
        var data = Options.Path("--data", "DIR", "An EMNIST folder; the built-in handwriting if left out.");
        var split = Options.Text("--split", "NAME", "The split to count; found by itself if it is clear.");
        var json = Options.Flag("--json", "Print the result as JSON.");
        var command = new ExampleCommand("info", "List the splits of an EMNIST folder and read one to the end, letter by letter.", "crypson data info --data emnist --split balanced")
        {
            data, split, json,
        };
        command.SetAction(result => result.GetValue(data) is { } folder
            ? Info(terminal, folder, result.GetValue(split), result.GetValue(json))
            : InfoOnSynthesizer(terminal, result.GetValue(split), result.GetValue(json)));
        return command;
    }

    private static int InfoOnSynthesizer(Terminal terminal, string? split, bool json)
    {
        DataChoice.RequireFolder(null, split);
        if (json)
        {
            JsonText.Write(new JsonObject
            {
                ["data"] = "synthesised",
                ["defaultPerClass"] = DataChoice.DefaultPerClass,
                ["classes"] = new JsonArray($"{ClassMapping.Balanced}", $"{ClassMapping.ByClass}"),
            });
            return ExitCode.Done;
        }

        terminal.Line("no --data: training uses the built-in handwriting, drawn from pen strokes as it is needed");
        terminal.Table(new TextTable().Left("option").Right("classes").Left("letters")
            .Row("--classes 47 (default)", "47", $"{ClassMapping.Balanced}").Row("--classes 62", "62", $"{ClassMapping.ByClass}"));
        terminal.Line($"{Format.Count(DataChoice.DefaultPerClass)} images of each class unless --per-class says otherwise; 'crypson data synth' writes them as files");
        return ExitCode.Done;
    }

    private static int Info(Terminal terminal, string folder, string? name, bool json)
    {
        var (splits, chosen) = DataChoice.Read(() => (EmnistFolder.Find(folder), EmnistFolder.Choose(folder, name)));
        var (train, test) = DataChoice.Read(() => (chosen.LoadTrain(), chosen.LoadTest()));
        if (json)
        {
            JsonText.Write(new JsonObject
            {
                ["data"] = folder,
                ["splits"] = new JsonArray([.. splits.Select(split => JsonValue.Create(split.Name))]),
                ["split"] = chosen.Name,
                ["classes"] = $"{train.Classes}",
                ["train"] = train.Count,
                ["test"] = test.Count,
                ["trainPerClass"] = new JsonArray([.. train.CountPerClass.Select(count => JsonValue.Create(count))]),
                ["testPerClass"] = new JsonArray([.. test.CountPerClass.Select(count => JsonValue.Create(count))]),
            });
            return ExitCode.Done;
        }

        terminal.Line($"splits in '{folder}': {string.Join(", ", splits.Select(split => split.Name))}");
        terminal.Line($"split {chosen.Name}: {train.Classes.Count} classes, {Format.Count(train.Count)} training and {Format.Count(test.Count)} test images");
        var table = new TextTable().Right("class").Left("letter").Right("training").Right("test");
        for (var i = 0; i < train.Classes.Count; i++)
        {
            table.Row($"{i}", $"{train.Classes[i]}", Format.Count(train.CountPerClass[i]), Format.Count(test.CountPerClass[i]));
        }

        terminal.Table(table);
        return ExitCode.Done;
    }

    private static ExampleCommand CreateSynth(Terminal terminal)
    {
        var output = Options.Path("--out", "DIR", "The folder to write; made if it is missing.");
        var classes = Options.Choice("--classes", "Letters: 47 as EMNIST Balanced (default), 62 as EMNIST ByClass.", "47", "62");
        var train = Options.Integer("--train-per-class", "Training images of each class; 2400 if left out.", 1, 20_000);
        var test = Options.Integer("--test-per-class", "Test images of each class; 400 if left out.", 1, 20_000);
        var seed = Options.Unsigned("--seed", "Key of all random choices; 1 if left out.");
        var sheet = Options.Path("--sheet", "FILE", "Also draw a picture with 10 images of each class, a .png file.");
        var command = new ExampleCommand("synth", "Write synthesised handwriting as files in EMNIST's format.", "crypson data synth --out letters --train-per-class 500 --sheet letters.png")
        {
            output, classes, train, test, seed, sheet,
        };
        command.SetAction(result => Synthesize(
            terminal, result.GetValue(output), result.GetValue(classes) == "62" ? ClassMapping.ByClass : ClassMapping.Balanced,
            (int)(result.GetValue(train) ?? 2400), (int)(result.GetValue(test) ?? 400), result.GetValue(seed) ?? 1, result.GetValue(sheet)));
        return command;
    }

    private static int Synthesize(Terminal terminal, string? output, ClassMapping classes, int trainPerClass, int testPerClass, ulong seed, string? sheet)
    {
        if (output is null)
        {
            throw new UsageException("the folder needs a name\n  hint: --out letters");
        }

        if (sheet is not null)
        {
            OutputFile.CheckPicture(terminal, sheet, "--sheet");
        }

        using var interrupt = new Interrupt(terminal);
        var split = Write(terminal, output, classes, seed, trainPerClass, testPerClass, interrupt.Token);
        if (sheet is not null)
        {
            OutputFile.Write(sheet, stream => PngWriter.Write(stream, SampleGrid.DrawClasses(SynthesizedDataset.Train(classes, seed, 10), 10)));
        }

        terminal.Line($"split {split.Name} in '{output}': {Format.Count((long)classes.Count * trainPerClass)} training and {Format.Count((long)classes.Count * testPerClass)} test images of {classes.Count} classes");
        return ExitCode.Done;
    }

    // A folder that was made for nothing goes again.
    private static EmnistSplit Write(Terminal terminal, string folder, ClassMapping classes, ulong seed, int trainPerClass, int testPerClass, CancellationToken cancellation)
    {
        var isNew = !Directory.Exists(folder);
        Folders.Create(folder);
        if (File.Exists(Path.Combine(folder, $"emnist-synth{classes.Count}-mapping.txt")))
        {
            terminal.Note($"the data set synth{classes.Count} in '{folder}' is replaced");
        }

        try
        {
            return SynthesizedDataset.Write(folder, classes, seed, trainPerClass, testPerClass, cancellation);
        }
        catch (OperationCanceledException) when (isNew)
        {
            Directory.Delete(folder);
            throw;
        }
    }
}
