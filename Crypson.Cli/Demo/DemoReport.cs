using System.Globalization;
using System.Text;
using Crypson.Models;

namespace Crypson.Cli;

/// <summary>The demo as one web page. It holds no times and no paths, so the same settings give the same page.</summary>
internal static class DemoReport
{
    private const int LettersPerClass = 5;

    // A stream of its own: letters that neither training nor the message has drawn.
    private const ulong GridStream = 0x64656D6F;

    public static HtmlPage Build(DemoResult result)
    {
        var letters = result.Characters.SelectMany(character => character.Letters).ToList();
        var page = new HtmlPage("A message as handwriting that no hand wrote", "Crypson demo: three small networks, trained from nothing a minute ago, carry a sentence.");
        page.Facts(
            ("read at first sight", Format.Percent(result.Generated.Accuracy)),
            ("bytes of text", $"{Encoding.UTF8.GetByteCount(result.Settings.Text)}"),
            ("letters sent", $"{letters.Count}"),
            ("bytes of message", $"{result.MessageBytes}"),
            ("seed", $"{result.Settings.Config.Seed}"));
        AddMessage(page, result);
        AddPath(page, result, letters);
        AddLimits(page);
        AddLetters(page, result);
        AddStages(page, result);
        AddConfusion(page, result);
        AddTrainings(page, result);
        return page;
    }

    private static void AddMessage(HtmlPage page, DemoResult result) =>
        page.Section("What was sent, and what arrived")
            .Element("p", result.Settings.Text, "quote")
            .Element("p", result.Received, "quote")
            .Paragraph(result.Arrived
                ? "Both are the same, byte for byte. The receiver had two files: the model and the message."
                : "They differ: the message did not arrive.")
            .Close();

    private static void AddPath(HtmlPage page, DemoResult result, List<PipelineLetter> letters)
    {
        var again = letters.Sum(letter => letter.Draws) - letters.Count;
        page.Section("The way of every letter");
        page.Paragraph(
            "The generator draws each letter anew. The encoder turns the drawing into eight numbers (blue). A mask that belongs to the letter's "
            + "place in the message is added, and the sum is what travels (orange). The receiver takes the mask off and the classifier reads the letter.");
        page.Paragraph(
            $"The sender reads every drawing before it sends it and draws again until the right letter comes back, {again} more drawings here. "
            + "There is one class for both sizes of letters such as O and o, and none for signs. So a space travels as G, and Q announces that the "
            + "next letters mean something else: a capital, a sign, or one byte of any other character.");
        page.Paragraph(
            "Blue and orange bars look almost alike, and that is no mistake: as in the paper the mask comes from a network that was never trained and "
            + $"adds {MeanMask(letters)} to a number on average.");
        var range = DemoCharacter.UsualRange(letters);
        page.Open("div", "path");
        foreach (var character in result.Characters)
        {
            page.Open("fieldset", "").Element("legend", Visible(character.Text));
            foreach (var letter in character.Letters)
            {
                page.Open("div", "").Element("b", $"{letter.Sent}")
                    .Image(HtmlPage.PngData(SampleGrid.Draw(letter.Image, PixelRange.ZeroToOne, 1, 1, 0)), $"the letter {letter.Sent}, drawn")
                    .Bars(letter.Latent, range, "")
                    .Bars(letter.Masked, range, "warm")
                    .Element("b", $"{letter.Read}", letter.Read == letter.Sent ? "" : "wrong")
                    .Element("span", letter.Draws == 1 ? "1 try" : $"{letter.Draws} tries")
                    .Close();
            }

            page.Close();
        }

        page.Close().Close();
    }

    private static string MeanMask(List<PipelineLetter> letters) =>
        letters.SelectMany(letter => letter.Latent.Zip(letter.Masked, (plain, masked) => Math.Abs(masked - plain))).Average().ToString("0.00", CultureInfo.InvariantCulture);

    private static void AddLimits(HtmlPage page) => page.Note(
        "What this is not",
        "This is not encryption that protects anything. The mask is computed from the letter's place in the message with numbers that are part of "
        + "the model, so whoever has the model reads every message, and without it the eight numbers of equal letters still resemble each other.",
        "Nothing is authenticated either: a message can be changed on its way. It is a study of whether networks can carry text without loss. "
        + "To keep something secret, use an established program.");

    private static void AddLetters(HtmlPage page, DemoResult result)
    {
        page.Section("The letters it learned from, and the letters it draws").Open("div", "pair");
        page.Picture(
            HtmlPage.PngData(FirstLetters(result.Training)), "Grid of synthesised handwritten letters",
            $"Synthesised handwriting, {LettersPerClass} of {result.Training.Count / result.Training.Classes.Count} of each class: the training images.");
        var random = new Philox(result.Settings.Config.Seed, GridStream);
        page.Picture(
            HtmlPage.PngData(LetterSampler.DrawGrid(result.Model.Generator, result.Model.Classes, LettersPerClass, random)),
            "Grid of letters drawn by the generator", "The generator's own, from fresh random numbers, nothing left out.");
        page.Close().Close();
    }

    private static void AddStages(HtmlPage page, DemoResult result)
    {
        if (result.Stages.Select(stage => stage.Task).OfType<VaeTask>().Single().DrawSamples() is { } pairs)
        {
            page.Section("Eight numbers are enough")
                .Picture(
                    HtmlPage.PngData(pairs), "Rows of letters, each above its reconstruction",
                    "Drawings that the autoencoder was not trained on, and below each row what its decoder makes of their eight numbers.")
                .Close();
        }
    }

    private static void AddConfusion(HtmlPage page, DemoResult result)
    {
        var classes = result.Model.Classes;
        page.Section("What is mistaken for what")
            .Paragraph(
                $"Newly drawn letters, read at the first try: {Format.Percent(result.Generated.Accuracy)} of {Format.Count(result.Generated.Total)} are right. "
                + $"Synthesised handwriting, which the reader has never met: {Format.Percent(result.Handwriting.Accuracy)}. "
                + "Messages arrive whole all the same, because the sender sends only drawings that read back.")
            .Svg(
                ConfusionChart.ToSvg("Newly drawn letters", classes, (actual, predicted) => result.Generated[actual, predicted]),
                "Rows are true classes, columns answers. Blue is right, orange is wrong.")
            .Close();
    }

    private static void AddTrainings(HtmlPage page, DemoResult result)
    {
        page.Section("The three trainings").Table(
            ["network", "parameters", "steps", "batch", "last validation"],
            result.Stages.Select(stage => (IReadOnlyList<string>)[
                stage.Name,
                Format.Count(stage.Task.Networks.Sum(network => network.Module.NamedParameters().Sum(parameter => (long)parameter.Value.Count))),
                Format.Count(stage.Steps), stage.Task.BatchSize.ToString(CultureInfo.InvariantCulture), stage.Result]));
        foreach (var stage in result.Stages.Where(stage => stage.WasCut))
        {
            page.Paragraph($"{stage.Name}: ended by the time budget after {Format.Count(stage.Steps)} steps, so another machine gives another result.");
        }

        foreach (var stage in result.Stages)
        {
            page.Element("h3", stage.Name).Svg(LineChart.ToSvg(stage.Charts));
        }

        page.Close();
    }

    // The same order as the generator's grid: two classes in a row.
    private static GreyImage FirstLetters(ImageDataset dataset)
    {
        var classes = dataset.Classes.Count;
        var images = new byte[classes * LettersPerClass * ImageDataset.PixelCount];
        for (var i = 0; i < Math.Min(dataset.Count, classes * LettersPerClass); i++)
        {
            var slot = (dataset.Label(i) * LettersPerClass) + (i / classes);
            dataset.Image(i).CopyTo(images.AsSpan(slot * ImageDataset.PixelCount));
        }

        return SampleGrid.Draw(images, 2 * LettersPerClass);
    }

    private static string Visible(string character) => character switch
    {
        " " => "space",
        "\n" => "new line",
        _ => character,
    };
}
