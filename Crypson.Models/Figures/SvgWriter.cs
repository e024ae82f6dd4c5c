using System.Globalization;
using System.Text;
using System.Xml;

namespace Crypson.Models;

/// <summary>
/// Builds an SVG picture as text: valid XML whatever the names in it, numbers independent of the language, the same
/// input the same text. Colours come from style classes, so the picture follows a dark page.
/// </summary>
internal sealed class SvgWriter
{
    // Text, lines and series in both schemes; the series colours keep apart for most colour-blind readers
    // (Okabe and Ito 2008, darkened or lightened against the paper).
    private const string Style =
        ".chart{--paper:#ffffff;--ink:#1f2328;--faint:#656d76;--grid:#e4e7eb;--s0:#0069b4;--s1:#c8500a;--s2:#00805c;--s3:#a8477e;--s4:#8a6a00;--s5:#3f3fb5;--hit:#0069b4;--miss:#c8500a;font-family:system-ui,'Segoe UI',Helvetica,Arial,sans-serif;font-size:12px}"
        + "@media(prefers-color-scheme:dark){.chart{--paper:#0d1117;--ink:#e6edf3;--faint:#9198a1;--grid:#262c36;--s0:#58aeff;--s1:#ff9152;--s2:#3cc9a0;--s3:#ee93c4;--s4:#e3bf4f;--s5:#a5a5ff;--hit:#58aeff;--miss:#ff9152}}"
        + ".chart .paper{fill:var(--paper)}.chart text{fill:var(--ink)}.chart .faint{fill:var(--faint)}.chart .title{font-size:15px;font-weight:600}"
        + ".chart .grid{stroke:var(--grid)}.chart .axis{stroke:var(--faint)}.chart .line{fill:none;stroke-width:1.8;stroke-linejoin:round}"
        + ".chart .letter{font-size:34px;font-weight:600}.chart .bar{fill:var(--s0)}.chart .masked{fill:var(--s1)}@media(prefers-color-scheme:dark){.chart .ink{filter:invert(1) brightness(.93)}}"
        + ".chart .end{text-anchor:end}.chart .middle{text-anchor:middle}.chart .hit{fill:var(--hit)}.chart .miss{fill:var(--miss)}";

    private readonly StringBuilder text = new();
    private readonly XmlWriter xml;

    /// <summary>Starts a picture with its background.</summary>
    public SvgWriter(double width, double height)
    {
        xml = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true, NewLineChars = "\n", Indent = true, IndentChars = "" });
        xml.WriteStartElement("svg", "http://www.w3.org/2000/svg");
        Attribute("class", "chart");
        Attribute("width", Number(width));
        Attribute("height", Number(height));
        Attribute("viewBox", $"0 0 {Number(width)} {Number(height)}");
        xml.WriteElementString("style", Style);
        Rectangle(0, 0, width, height, "paper");
    }

    /// <summary>Up to two decimals, with a point.</summary>
    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    public void StartGroup(double x, double y)
    {
        xml.WriteStartElement("g");
        Attribute("transform", $"translate({Number(x)},{Number(y)})");
    }

    public void EndGroup() => xml.WriteEndElement();

    public void Rectangle(double x, double y, double width, double height, string style, double opacity = 1, string? hover = null)
    {
        xml.WriteStartElement("rect");
        Attribute("class", style);
        Attribute("x", Number(x));
        Attribute("y", Number(y));
        Attribute("width", Number(width));
        Attribute("height", Number(height));
        if (opacity < 1)
        {
            Attribute("opacity", Number(opacity));
        }

        EndWithHover(hover);
    }

    public void Line(double x1, double y1, double x2, double y2, string style)
    {
        xml.WriteStartElement("line");
        Attribute("class", style);
        Attribute("x1", Number(x1));
        Attribute("y1", Number(y1));
        Attribute("x2", Number(x2));
        Attribute("y2", Number(y2));
        xml.WriteEndElement();
    }

    /// <summary>A line through points in the colour of a series; one point alone is a dot.</summary>
    public void Curve(IReadOnlyList<(double X, double Y)> points, int series, string hover)
    {
        xml.WriteStartElement(points.Count == 1 ? "circle" : "polyline");
        if (points.Count == 1)
        {
            Attribute("cx", Number(points[0].X));
            Attribute("cy", Number(points[0].Y));
            Attribute("r", "3");
            Attribute("style", $"fill:{Colour(series)}");
        }
        else
        {
            Attribute("class", "line");
            Attribute("style", $"stroke:{Colour(series)}");
            Attribute("points", string.Join(' ', points.Select(point => $"{Number(point.X)},{Number(point.Y)}")));
        }

        EndWithHover(hover);
    }

    /// <summary>A short thick line in the colour of a series, for the legend.</summary>
    public void Swatch(double x, double y, int series)
    {
        xml.WriteStartElement("rect");
        Attribute("x", Number(x));
        Attribute("y", Number(y));
        Attribute("width", "16");
        Attribute("height", "4");
        Attribute("rx", "2");
        Attribute("style", $"fill:{Colour(series)}");
        xml.WriteEndElement();
    }

    public void Text(double x, double y, string text, string style = "", bool turned = false)
    {
        xml.WriteStartElement("text");
        if (style.Length > 0)
        {
            Attribute("class", style);
        }

        if (turned)
        {
            Attribute("transform", $"translate({Number(x)},{Number(y)}) rotate(-90)");
        }
        else
        {
            Attribute("x", Number(x));
            Attribute("y", Number(y));
        }

        xml.WriteString(Clean(text));
        xml.WriteEndElement();
    }

    /// <summary>A picture of letters, dark ink on white paper, turned to light ink on a dark page.</summary>
    public void Image(double x, double y, double width, double height, string source)
    {
        xml.WriteStartElement("image");
        Attribute("class", "ink");
        Attribute("x", Number(x));
        Attribute("y", Number(y));
        Attribute("width", Number(width));
        Attribute("height", Number(height));
        Attribute("href", source);
        xml.WriteEndElement();
    }

    /// <summary>Ends the picture and returns its text.</summary>
    public string Finish()
    {
        xml.WriteEndElement();
        xml.Flush();
        return text.Append('\n').ToString();
    }

    // Six colours, then again from the first.
    private static string Colour(int series) => $"var(--s{series % 6})";

    private void Attribute(string name, string value) => xml.WriteAttributeString(name, value);

    private void EndWithHover(string? hover)
    {
        if (hover is not null)
        {
            xml.WriteElementString("title", Clean(hover));
        }

        xml.WriteEndElement();
    }

    // XML has no way to write most control characters and lone surrogates.
    private static string Clean(string text) =>
        text.All(XmlConvert.IsXmlChar) ? text : string.Concat(text.Select(c => XmlConvert.IsXmlChar(c) ? c : '\uFFFD'));
}
