using System.Diagnostics;
using System.Globalization;
using Crypson.Models;
using Spectre.Console;

namespace Crypson.Cli;

/// <summary>
/// Shows the demo's stages on standard output: with colours on a terminal, as plain lines elsewhere. When it should be quiet,
/// what leads up to the message is left out.
/// </summary>
/// <param name="terminal">Where it shows.</param>
/// <param name="clock">Runs since the start.</param>
internal sealed class DemoScreen(Terminal terminal, Stopwatch clock)
{
    private const int LabelWidth = 9;
    private const int Gap = 2;
    private const int PlainWidth = 80;
    private const int MostLetters = 6;

    private bool HasColours => terminal.OutIsTerminal && terminal.Out.Profile.Capabilities.ColorSystem != ColorSystem.NoColors;

    private int Width => terminal.OutIsTerminal ? terminal.Out.Profile.Width : PlainWidth;

    public void Title(DemoSettings settings)
    {
        if (terminal.Quiet)
        {
            return;
        }

        Heading("Crypson: a message as handwriting that no hand wrote");
        Line($"seed {settings.Config.Seed}, {CpuDevice.Threads} threads, at most about {Format.Duration(settings.TimeBudget)}");
    }

    public void Handwriting(ImageDataset letters)
    {
        if (terminal.Quiet)
        {
            return;
        }

        Start("Handwriting", $"{Format.Count(letters.Count)} synthesised letters of {letters.Classes.Count} classes to learn from");
        var shown = Enumerable.Range(0, letters.Count).Where(i => letters.Classes[letters.Label(i)] is 'A' or 'B' or '3' or 'e' or 'g' or 'R').Take(LettersThatFit).ToList();
        Pictures(shown.ConvertAll(i =>
        {
            var pixels = new float[ImageDataset.PixelCount];
            letters.CopyTo(pixels, i, PixelRange.ZeroToOne);
            return pixels;
        }));
    }

    /// <summary>Announces a training.</summary>
    public void Begin(string name, string purpose)
    {
        if (!terminal.Quiet)
        {
            Start(name, purpose);
        }
    }

    /// <summary>Tells how a training went.</summary>
    public void Finish(DemoStage stage)
    {
        if (terminal.Quiet)
        {
            return;
        }

        Line($"{Format.Count(stage.Steps)} {(stage.Steps == 1 ? "step" : "steps")}, {stage.Result}, after {Format.Duration(clock.Elapsed)}");
        if (stage.WasCut)
        {
            Line("cut by the time budget: letters will be worse, and the result depends on this machine's speed");
        }
    }

    public void Accuracy(ConfusionMatrix generated, ConfusionMatrix handwriting)
    {
        Start("Reading", "letters that no network was trained on");
        Line($"{Format.Percent(generated.Accuracy)} of {Format.Count(generated.Total)} newly drawn letters are read correctly at once");
        Line($"{Format.Percent(handwriting.Accuracy)} of {Format.Count(handwriting.Total)} synthesised letters, which the reader has never met");
    }

    public void Message(DemoResult result)
    {
        Start("Message", "drawn, put into eight numbers, masked, sent, read back");
        Line($"sent      {result.Settings.Text}");
        var letters = result.Characters.SelectMany(character => character.Letters).ToList();
        var shown = letters.Take(LettersThatFit).ToList();
        Line();
        Row("letter", shown, letter => $"{letter.Sent}");
        Pictures(shown.ConvertAll(letter => letter.Image), "drawn");
        Row("tries", shown, letter => $"{letter.Draws}");
        var range = DemoCharacter.UsualRange(letters);
        Row("latent", shown, letter => BlockPicture.Bars(letter.Latent, range), "blue");
        Row("masked", shown, letter => BlockPicture.Bars(letter.Masked, range), "darkorange");
        Row("read", shown, letter => $"{letter.Read}");
        Line();
        Line($"'{shown[0].Sent}' is   {Numbers(shown[0].Latent)}");
        Line($"sent as  {Numbers(shown[0].Masked)}");
        Line();
        Line($"{result.MessageBytes} bytes sent, {letters.Count} letters, {letters.Sum(letter => letter.Draws) - letters.Count} drawn again because they did not read back");
        Line($"received  {result.Received}");
    }

    public void Done(string report, bool arrived)
    {
        Line();
        Heading(arrived ? "Every byte arrived." : "The message did not arrive unchanged.");
        Line("The mask is public: whoever has the model reads the message. It hides nothing.");
        Line($"{report} shows it all; done in {Format.Duration(clock.Elapsed)}");
    }

    private void Start(string name, string purpose)
    {
        Line();
        Heading(name, purpose);
    }

    private int LettersThatFit => Math.Clamp((Width - LabelWidth + Gap) / (BlockPicture.Columns + Gap), 1, MostLetters);

    private static string Numbers(float[] values) => string.Join(' ', values.Select(value => (MathF.Round(value, 2) + 0f).ToString("+0.00;-0.00", CultureInfo.InvariantCulture).PadLeft(6)));

    private void Heading(string text, string rest = "")
    {
        if (terminal.OutIsTerminal)
        {
            terminal.Out.MarkupLine($"[bold]{Markup.Escape(text)}[/]{(rest.Length > 0 ? "  " : "")}{Markup.Escape(rest)}");
        }
        else
        {
            terminal.Line(rest.Length > 0 ? $"{text}  {rest}" : text);
        }
    }

    private void Line(string text = "") => terminal.Line(text.Length > 0 ? "  " + text : text);

    private void Row(string label, IReadOnlyList<PipelineLetter> letters, Func<PipelineLetter, string> cell, string colour = "")
    {
        var cells = string.Concat(letters.Select(letter => cell(letter).PadRight(BlockPicture.Columns + Gap))).TrimEnd();
        if (HasColours && colour.Length > 0)
        {
            terminal.Out.MarkupLine($"  {label.PadRight(LabelWidth - 2)}[{colour}]{Markup.Escape(cells)}[/]");
        }
        else
        {
            Line(label.PadRight(LabelWidth - 2) + cells);
        }
    }

    private void Pictures(IReadOnlyList<float[]> images, string label = "")
    {
        for (var row = 0; row < BlockPicture.Rows; row++)
        {
            var start = "  " + (row == 0 ? label : "").PadRight(LabelWidth - 2);
            if (HasColours)
            {
                terminal.Out.MarkupLine(start + string.Join(new string(' ', Gap), images.Select(image => BlockPicture.Shaded(image, row))));
            }
            else
            {
                terminal.Line((start + string.Join(new string(' ', Gap), images.Select(image => BlockPicture.Plain(image, row)))).TrimEnd());
            }
        }
    }
}
