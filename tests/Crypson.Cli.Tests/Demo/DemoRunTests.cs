using System.Text;
using System.Xml.Linq;
using Crypson.Messaging;
using Crypson.Models;

namespace Crypson.Cli.Tests;

/// <summary>The whole demo with networks so small that seconds suffice.</summary>
public sealed class DemoRunTests : IDisposable
{
    private static readonly ClassMapping Classes = ClassMapping.Balanced;

    private static readonly CrypsonConfig Tiny = new()
    {
        Cgan = new() { Epochs = 2, BatchSize = 16, LearningRate = 2e-3, NoiseLength = 32, Channels = [16, 16, 8], Hidden = [64] },
        Vae = new() { Epochs = 8, BatchSize = 16, LearningRate = 5e-3, KlWeight = 0.01f, Samples = 720, Hidden = [8, 16, 16, 32] },

        // Few letters, learnt by heart: the answers to new ones are confident and of every class, which is enough for some
        // class to read back after some tries.
        Classifier = new() { Epochs = 200, BatchSize = 16, LearningRate = 1e-3, Samples = 72, Wide = 512, Dropout = 0 },
    };

    private readonly string root = Directory.CreateTempSubdirectory("crypson-demo-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void A_message_arrives_and_the_page_shows_it()
    {
        var folder = Path.Combine(root, "out");
        var (letter, text) = ReadableLetter();
        Assert.Equal(ExitCode.Done, Run(folder, text));
        var page = Parse(Path.Combine(folder, "report.html"));
        Assert.Equal([text, text], page.Descendants("p").Where(p => p.Attribute("class")?.Value == "quote").Select(p => p.Value));
        var card = page.Descendants("fieldset").Single();
        Assert.Equal([letter, letter], card.Descendants("b").Select(b => b.Value));
        Assert.Equal(16, card.Descendants("rect").Count());
        Assert.Contains(page.Descendants("p"), line => line.Value.Contains("the mask comes from a network that was never trained", StringComparison.Ordinal));
        Assert.Contains(page.Descendants("aside"), box => box.Value.Contains("not encryption", StringComparison.Ordinal));
        foreach (var file in new[] { "message.crypson", "model.safetensors", "pipeline.svg", "cgan/report.html", "vae/curves.svg", "classifier/confusion.svg" })
        {
            Assert.True(File.Exists(Path.Combine(folder, file)), file);
        }

        // Again into the same folder: the same page, and nothing of the earlier run is left, inside or beside it.
        var bytes = File.ReadAllBytes(Path.Combine(folder, "report.html"));
        File.WriteAllText(Path.Combine(folder, "stale.txt"), "");
        Assert.Equal(ExitCode.Done, Run(folder, text));
        Assert.Equal(bytes, File.ReadAllBytes(Path.Combine(folder, "report.html")));
        Assert.False(File.Exists(Path.Combine(folder, "stale.txt")));
        Assert.Equal(["out"], Directory.GetFileSystemEntries(root).Select(Path.GetFileName));
    }

    [Fact]
    public void A_folder_with_other_files_is_left_alone()
    {
        var folder = Path.Combine(root, "mine");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "thesis.txt"), "years");
        var refusal = Assert.Throws<UsageException>(() => Run(folder, "7"));
        Assert.Contains("holds other files", refusal.Message);
        Assert.Equal("years", File.ReadAllText(Path.Combine(folder, "thesis.txt")));
        Assert.Equal(["mine"], Directory.GetFileSystemEntries(root).Select(Path.GetFileName));
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_found_out_before_training()
    {
        File.WriteAllText(Path.Combine(root, "file"), "");
        Assert.Contains("is a file", Assert.Throws<UsageException>(() => Run(Path.Combine(root, "file"), "7")).Message);
        Assert.Contains("nothing can be written", Assert.Throws<UnauthorizedAccessException>(() => Run(Path.Combine(root, "file", "demo"), "7")).Message);
        Assert.Equal(["file"], Directory.GetFileSystemEntries(root).Select(Path.GetFileName));
    }

    // So short a training reads few letters; the demo repeats it exactly, so a letter that reads back here does so there.
    private static (string Letter, string Text) ReadableLetter()
    {
        var cgan = new CganTask(SynthesizedDataset.Train(Classes, Tiny.Seed, 4), Tiny.Cgan, Tiny.Seed);
        Train(cgan);
        var vae = new VaeTask(VaeTask.DrawImages(cgan.Generator, Classes, Tiny), Tiny.Vae, Tiny.Seed);
        Train(vae);
        var classifier = new ClassifierTask(ClassifierTask.DrawLetters(cgan.Generator, vae.Vae, Tiny), vae.Vae, Classes.Count, Tiny.Classifier, Tiny.Seed);
        Train(classifier);
        var model = CrypsonModel.Assemble(Tiny, Classes, cgan.Generator, vae.Vae, classifier.Classifier);
        var sender = new MessageEncoder(model);
        var codec = new SymbolCodec(Classes.Characters);
        for (var symbol = 0; symbol < Classes.Count; symbol++)
        {
            if (Classes[symbol] != 'Q' && codec.Decode([symbol]) is var content && Arrives(sender, content))
            {
                return ($"{Classes[symbol]}", Encoding.UTF8.GetString(content));
            }
        }

        throw new InvalidOperationException("not one letter reads back; train a little more");

        static bool Arrives(MessageEncoder sender, byte[] content)
        {
            try
            {
                sender.Encode(content, 1, new Philox(Tiny.Seed));
                return true;
            }
            catch (MessageException)
            {
                return false;
            }
        }

        static void Train(TrainingTask task)
        {
            for (var epoch = 0; epoch < task.Epochs; epoch++)
            {
                Assert.NotEmpty(task.Train(epoch, 0).ToList());
            }
        }
    }

    private static int Run(string folder, string text)
    {
        var terminal = Terminal.Open();
        terminal.Quiet = true;
        return new DemoRun(terminal, new DemoSettings
        {
            Folder = folder,
            Text = text,
            Classes = Classes,
            ImagesPerClass = 4,
            TestLettersPerClass = 2,
            TimeBudget = TimeSpan.FromHours(1),
            Config = Tiny,
        }).Run();
    }

    private static XElement Parse(string path)
    {
        var html = File.ReadAllText(path);
        return XElement.Parse(html[html.IndexOf('\n')..]);
    }
}
