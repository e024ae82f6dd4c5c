using System.CommandLine;
using System.Security.Cryptography;
using Crypson.Models;

namespace Crypson.Cli;

/// <summary><c>crypson sample</c>.</summary>
internal static class SampleCommand
{
    private const int LettersPerRow = 24;
    private const int LongestText = 10_000;

    public static Command Create(Terminal terminal)
    {
        var output = Options.Path("--output", "FILE", "The picture, a .png file.", "-o");
        var model = Options.Path("--model", "FILE", "The model whose generator draws; the shipped one if left out.");
        var generator = Options.Path("--generator", "PATH", "A cGAN run folder or checkpoint instead of a whole model.");
        var letters = Options.Text("--letters", "TEXT", "Draw this text.");
        var perClass = Options.Integer("--per-class", "Draw every letter this many times; 10 if nothing is said.", 1, 1000);
        var seed = Options.Unsigned("--seed", "Repeat the same drawing; unpredictable if left out.");
        var threads = Options.Threads();
        var device = DeviceChoice.Option();
        var quiet = Options.Flag("--quiet", "Leave out notes.", "-q");
        var command = new ExampleCommand("sample", "Let a generator draw letters into a picture.", "crypson sample --letters 'Hello World' -o hello.png", "crypson sample --generator runs/cgan-1 --per-class 8 -o letters.png")
        {
            output, model, generator, letters, perClass, seed, threads, device, quiet,
        };
        command.SetAction(result =>
        {
            terminal.Quiet = result.GetValue(quiet);
            Options.ApplyThreads(result.GetValue(threads));
            return Run(terminal, result.GetValue(output), result.GetValue(model), result.GetValue(generator), result.GetValue(letters), (int?)result.GetValue(perClass), result.GetValue(seed), new DeviceChoice(result.GetValue(device)));
        });
        return command;
    }

    private static int Run(Terminal terminal, string? output, string? modelPath, string? generatorPath, string? letters, int? perClass, ulong? seed, DeviceChoice device)
    {
        if (modelPath is not null && generatorPath is not null)
        {
            throw new UsageException("--model and --generator both name a generator\n  hint: give one of them");
        }

        if (letters is not null && perClass is not null)
        {
            throw new UsageException("--letters and --per-class exclude each other\n  hint: give one of them");
        }

        if (output is null)
        {
            throw new UsageException("the picture needs a name\n  hint: -o letters.png; '-o -' writes to standard output");
        }

        OutputFile.CheckPicture(terminal, output, "-o");

        var path = generatorPath is null ? ModelFiles.Find(modelPath) : ModelFiles.FindNetwork(generatorPath, "cgan", "--generator");
        var (generator, _, classes) = Checkpoints.LoadGenerator(path);
        if (letters is not null)
        {
            RequireDrawable(classes, letters);
        }

        generator.Eval();
        generator.To(device.Use(terminal));
        var random = new Philox(seed ?? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))));
        var picture = letters is null ? LetterSampler.DrawGrid(generator, classes, perClass ?? 10, random) : Draw(generator, classes, letters, random);
        OutputFile.Write(output, stream => PngWriter.Write(stream, picture));
        return ExitCode.Done;
    }

    private static void RequireDrawable(ClassMapping classes, string text)
    {
        if (text.Any(c => !char.IsWhiteSpace(c) && classes.ClassOf(c) < 0))
        {
            var foreign = string.Concat(text.Where(c => !char.IsWhiteSpace(c) && classes.ClassOf(c) < 0).Distinct());
            throw new UsageException($"--letters: the generator cannot draw '{foreign}'\n  hint: it knows {classes}");
        }

        if (text.All(char.IsWhiteSpace) || text.Length > LongestText)
        {
            throw new UsageException($"--letters: 1 to {LongestText} letters can be drawn\n  hint: such as --letters 'Hello World'");
        }
    }

    // Spaces and line breaks are white; a line of the picture holds as many letters as the longest line, up to a limit.
    private static GreyImage Draw(Generator generator, ClassMapping classes, string text, Philox random)
    {
        var lines = text.Split('\n').SelectMany(line => line.Length == 0 ? [string.Empty] : line.Chunk(LettersPerRow).Select(part => new string(part))).ToList();
        var columns = lines.Max(line => line.Length);
        var places = lines.SelectMany((line, row) => line.Select((c, column) => (Letter: c, Slot: (row * columns) + column)))
            .Where(place => !char.IsWhiteSpace(place.Letter)).ToList();
        var images = new float[lines.Count * columns * ImageDataset.PixelCount];
        using var noGrad = Tensor.NoGrad();
        foreach (var part in places.Chunk(128))
        {
            using var scope = new TensorScope();
            var drawn = LetterSampler.Draw(generator, Array.ConvertAll(part, place => classes.ClassOf(place.Letter)), random).ToArray();
            for (var i = 0; i < part.Length; i++)
            {
                drawn.AsSpan(i * ImageDataset.PixelCount, ImageDataset.PixelCount).CopyTo(images.AsSpan(part[i].Slot * ImageDataset.PixelCount));
            }
        }

        return SampleGrid.Draw(images, PixelRange.ZeroToOne, columns);
    }
}
