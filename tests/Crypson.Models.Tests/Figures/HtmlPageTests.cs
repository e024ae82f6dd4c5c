using System.Xml.Linq;

namespace Crypson.Models.Tests;

public sealed class HtmlPageTests
{
    [Fact]
    public void A_page_is_one_valid_document_whatever_the_text()
    {
        var page = new HtmlPage("<b> & \"c\" \u0001 \ud800", "x]]>")
            .Section("</section>")
            .Paragraph("a < b && c > d, 🌙 ë")
            .Facts(("n", "1"), ("<i>", "&amp;"))
            .Table(["a", "b"], [["1", "<td>"], ["2", ""]])
            .Picture(HtmlPage.PngData(new GreyImage(1, 1, [7])), "a \"dot\"", "caption")
            .Close()
            .Note("Limits", "one", "two");
        var root = Parse(page.Finish());
        Assert.Equal("html", root.Name);
        Assert.Equal("<b> & \"c\" \uFFFD \uFFFD", root.Descendants("h1").Single().Value);
        Assert.Equal("</section>", root.Descendants("section").Single().Element("h2")!.Value);
        Assert.Contains(root.Descendants("p"), p => p.Value == "a < b && c > d, 🌙 ë");
        Assert.Equal(["1", "<td>", "2", ""], root.Descendants("td").Select(cell => cell.Value));
        Assert.Equal("a \"dot\"", root.Descendants("img").Single().Attribute("alt")!.Value);
    }

    // In HTML "<td />" opens an element that nothing closes; only void elements may look like this.
    [Fact]
    public void Empty_elements_have_an_end_tag()
    {
        var text = new HtmlPage("a", "").Table(["x"], [[""]]).Element("p", "").Finish();
        Assert.Contains("<td></td>", text);
        Assert.Contains("<p></p>", text);
        Assert.DoesNotContain("</meta>", text);
        Assert.StartsWith("<!DOCTYPE html>\n<html lang=\"en\">", text);
    }

    [Fact]
    public void Nothing_is_loaded_from_elsewhere()
    {
        var svg = LineChart.ToSvg(new LineChart("Loss", "epoch", "").Add("training", [(0, 1), (1, 2)]));
        var text = new HtmlPage("a", "b").Svg(svg, "c").Finish();
        var addresses = Parse(text).Descendants().Attributes().Where(attribute => attribute.Name.LocalName is "src" or "href");
        Assert.All(addresses, attribute => Assert.StartsWith("data:", attribute.Value));
        Assert.DoesNotContain("<script", text);
        Assert.DoesNotContain("url(", text);
    }

    internal static XElement Parse(string html)
    {
        Assert.StartsWith("<!DOCTYPE html>\n", html);
        return XElement.Parse(html[html.IndexOf('\n')..]);
    }
}
