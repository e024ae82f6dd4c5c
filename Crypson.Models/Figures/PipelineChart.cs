using System.Text;
using Crypson.Nn;

namespace Crypson.Models;

/// <summary>The way of a few letters as an SVG picture: letter, drawing, latent, masked latent, letter read back.</summary>
public static class PipelineChart
{
    private const double Left = 150;
    private const double Column = 92;
    private const double Picture = 72;
    private const double Right = 20;
    private const double Height = 468;

    /// <summary>Draws the letters side by side.</summary>
    public static string ToSvg(IReadOnlyList<PipelineLetter> letters)
    {
        var svg = new SvgWriter(Left + (letters.Count * Column) + Right, Height);
        Label(svg, 46, "the letter", "its class number");
        Label(svg, 130, "drawn", "by the generator");
        Label(svg, 236, "eight numbers", "by the encoder");
        Label(svg, 330, "masked", "this is what is sent");
        Label(svg, 424, "read back", "by the classifier");
        var range = Math.Max(1e-6f, letters.SelectMany(letter => letter.Latent.Concat(letter.Masked)).Select(Math.Abs).DefaultIfEmpty(1).Max());
        for (var i = 0; i < letters.Count; i++)
        {
            Draw(svg, letters[i], Left + (i * Column) + ((Column - Picture) / 2), range);
        }

        return svg.Finish();
    }

    /// <summary>Writes the picture to a file, which appears complete or not at all; missing folders are made.</summary>
    public static void Save(string path, IReadOnlyList<PipelineLetter> letters)
    {
        var bytes = Encoding.UTF8.GetBytes(ToSvg(letters));
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    private static void Draw(SvgWriter svg, PipelineLetter letter, double x, float range)
    {
        var middle = x + (Picture / 2);
        svg.Text(middle, 58, $"{letter.Sent}", "letter middle");
        Arrow(svg, middle, 70);
        svg.Image(x, 94, Picture, Picture, HtmlPage.PngData(SampleGrid.Draw(letter.Image, PixelRange.ZeroToOne, 1, 1, 0)));
        Arrow(svg, middle, 172);
        Bars(svg, letter.Latent, x, 240, range, "bar");
        Arrow(svg, middle, 282);
        Bars(svg, letter.Masked, x, 346, range, "masked");
        Arrow(svg, middle, 388);
        svg.Text(middle, 444, $"{letter.Read}", "letter middle");
    }

    private static void Label(SvgWriter svg, double y, string name, string by)
    {
        svg.Text(24, y, name, "title");
        svg.Text(24, y + 18, by, "faint");
    }

    private static void Bars(SvgWriter svg, float[] values, double x, double zero, float range, string style)
    {
        var width = Picture / values.Length;
        for (var i = 0; i < values.Length; i++)
        {
            var length = 36 * values[i] / range;
            svg.Rectangle(x + (i * width) + 1, zero - Math.Max(0, length), width - 2, Math.Abs(length), style);
        }

        svg.Line(x, zero, x + Picture, zero, "axis");
    }

    private static void Arrow(SvgWriter svg, double x, double y)
    {
        svg.Line(x, y, x, y + 16, "axis");
        svg.Line(x - 4, y + 12, x, y + 16, "axis");
        svg.Line(x + 4, y + 12, x, y + 16, "axis");
    }
}
