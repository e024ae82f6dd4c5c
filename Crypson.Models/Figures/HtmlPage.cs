using System.Globalization;
using System.Text;
using System.Xml;
using Crypson.Nn;

namespace Crypson.Models;

/// <summary>
/// Builds one self-contained web page: valid HTML that is also valid XML, no scripts, nothing loaded from elsewhere,
/// the same content the same text. It follows a dark or light screen, fits a phone and prints.
/// </summary>
public sealed class HtmlPage
{
    // Void elements have no end tag; every other element needs one, even when it is empty.
    private static readonly HashSet<string> Void = ["meta", "img", "br", "hr"];

    private readonly StringBuilder text = new();
    private readonly Stack<string> open = [];
    private readonly XmlWriter xml;

    /// <summary>Starts a page.</summary>
    /// <param name="title">Title of the window and first heading.</param>
    /// <param name="subtitle">Line below the heading; may be empty.</param>
    public HtmlPage(string title, string subtitle)
    {
        xml = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true, NewLineChars = "\n", NewLineHandling = NewLineHandling.None, ConformanceLevel = ConformanceLevel.Fragment });
        xml.WriteRaw("<!DOCTYPE html>\n");
        Open("html", "").Attribute("lang", "en");
        Open("head", "").Open("meta", "").Attribute("charset", "utf-8").Close();
        Open("meta", "").Attribute("name", "viewport").Attribute("content", "width=device-width, initial-scale=1").Close();
        Open("meta", "").Attribute("name", "color-scheme").Attribute("content", "light dark").Close();
        Element("title", title).Open("style", "");
        xml.WriteRaw(HtmlStyle.Text);
        Close().Close().Open("body", "").Open("main", "").Open("header", "").Element("h1", title);
        if (subtitle.Length > 0)
        {
            Element("p", subtitle, "lead");
        }

        Close();
    }

    /// <summary>The start of an <c>img</c> source: a PNG picture as text.</summary>
    public static string PngData(ReadOnlySpan<byte> png) => "data:image/png;base64," + Convert.ToBase64String(png);

    /// <summary>A grey picture as <see cref="PngData(ReadOnlySpan{byte})"/>.</summary>
    public static string PngData(GreyImage image)
    {
        using var stream = new MemoryStream();
        PngWriter.Write(stream, image);
        return PngData(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    /// <summary>Starts an element, with style classes unless they are empty.</summary>
    public HtmlPage Open(string element, string classes)
    {
        xml.WriteStartElement(element);
        open.Push(element);
        return classes.Length > 0 ? Attribute("class", classes) : this;
    }

    /// <summary>Adds an attribute to the element just opened.</summary>
    public HtmlPage Attribute(string name, string value)
    {
        xml.WriteAttributeString(name, Clean(value));
        return this;
    }

    /// <summary>Ends the innermost element.</summary>
    public HtmlPage Close()
    {
        if (Void.Contains(open.Pop()))
        {
            xml.WriteEndElement();
        }
        else
        {
            xml.WriteFullEndElement();
        }

        return this;
    }

    /// <summary>Adds text; nothing in it is taken for markup.</summary>
    public HtmlPage Text(string value)
    {
        xml.WriteString(Clean(value));
        return this;
    }

    /// <summary>An element with nothing but text.</summary>
    public HtmlPage Element(string element, string value, string classes = "") => Open(element, classes).Text(value).Close();

    /// <summary>Starts a section with a heading, up to <see cref="Close"/>.</summary>
    public HtmlPage Section(string heading) => Open("section", "").Element("h2", heading);

    /// <summary>A paragraph.</summary>
    public HtmlPage Paragraph(string value) => Element("p", value);

    /// <summary>A row of boxes, each a large value over a small name.</summary>
    public HtmlPage Facts(params IReadOnlyList<(string Name, string Value)> facts)
    {
        Open("dl", "facts");
        foreach (var (name, value) in facts)
        {
            Open("div", "").Element("dt", name).Element("dd", value).Close();
        }

        return Close();
    }

    /// <summary>A table; columns after the first are set as numbers, to the right.</summary>
    public HtmlPage Table(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows)
    {
        Open("div", "scroll").Open("table", "").Open("thead", "").Open("tr", "");
        foreach (var heading in headings)
        {
            Element("th", heading);
        }

        Close().Close().Open("tbody", "");
        foreach (var row in rows)
        {
            Open("tr", "");
            foreach (var cell in row)
            {
                Element("td", cell);
            }

            Close();
        }

        return Close().Close().Close();
    }

    /// <summary>A picture that was made by <see cref="LineChart"/>, <see cref="ConfusionChart"/> or another of our SVG writers.</summary>
    /// <param name="svg">Valid XML; goes into the page as it is.</param>
    /// <param name="caption">Below it; may be empty.</param>
    public HtmlPage Svg(string svg, string caption = "")
    {
        Open("figure", "");
        xml.WriteRaw(svg.TrimEnd());
        return Caption(caption).Close();
    }

    /// <summary>A picture of letters, dark ink on white paper; turned to light ink on a dark screen.</summary>
    /// <param name="source">From <see cref="PngData(GreyImage)"/>.</param>
    /// <param name="alternative">What it shows, for those who cannot see it.</param>
    /// <param name="caption">Below it; may be empty.</param>
    public HtmlPage Picture(string source, string alternative, string caption = "") =>
        Open("figure", "").Image(source, alternative).Caption(caption).Close();

    /// <summary>An image of letters inside a line or a cell.</summary>
    public HtmlPage Image(string source, string alternative, string classes = "ink") =>
        Open("img", classes).Attribute("src", source).Attribute("alt", alternative).Close();

    /// <summary>A few numbers as small upright bars around a line at zero.</summary>
    /// <param name="values">Each from -<paramref name="range"/> to <paramref name="range"/>; others are cut off.</param>
    /// <param name="range">The value of a full bar, above 0.</param>
    /// <param name="classes">Style classes that give the bars their colour.</param>
    public HtmlPage Bars(IReadOnlyList<float> values, float range, string classes)
    {
        Open("svg", $"bars {classes}").Attribute("viewBox", $"0 -16 {8 * values.Count} 32").Attribute("role", "img");
        Attribute("aria-label", string.Join(' ', values.Select(value => value.ToString("0.00", CultureInfo.InvariantCulture))));
        for (var i = 0; i < values.Count; i++)
        {
            var length = 15 * Math.Clamp(values[i] / range, -1, 1);
            Open("rect", "").Attribute("x", $"{(8 * i) + 1}").Attribute("width", "6");
            Attribute("y", SvgWriter.Number(Math.Min(0, -length))).Attribute("height", SvgWriter.Number(Math.Abs(length))).Close();
        }

        return Open("path", "").Attribute("d", $"M0 0H{8 * values.Count}").Close().Close();
    }

    /// <summary>A box that stands out.</summary>
    public HtmlPage Note(string heading, params IReadOnlyList<string> paragraphs)
    {
        Open("aside", "").Element("h2", heading);
        foreach (var paragraph in paragraphs)
        {
            Paragraph(paragraph);
        }

        return Close();
    }

    /// <summary>Ends the page and returns its text; nothing can be added afterwards.</summary>
    public string Finish()
    {
        while (open.Count > 0)
        {
            Close();
        }

        xml.Flush();
        return text.Append('\n').ToString();
    }

    /// <summary>Ends the page and writes it to a file, which appears complete or not at all; missing folders are made.</summary>
    public void Save(string path)
    {
        var bytes = Encoding.UTF8.GetBytes(Finish());
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    private HtmlPage Caption(string caption) => caption.Length > 0 ? Element("figcaption", caption) : this;

    // Neither XML nor HTML can hold most control characters and lone surrogates; pairs of surrogates are characters.
    private static string Clean(string value)
    {
        var result = new StringBuilder(value.Length);
        foreach (var rune in value.EnumerateRunes())
        {
            result.Append(rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? "\uFFFD" : rune.ToString());
        }

        return result.ToString();
    }
}
