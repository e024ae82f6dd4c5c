using System.Globalization;
using System.Xml.Linq;

namespace Crypson.Models.Tests;

public sealed class ChartTests : IDisposable
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Curves_pass_through_their_points()
    {
        var chart = new LineChart("Losses", "epoch", "loss").Add("generator", [(0, 0), (5, 2), (10, 4)]).Add("critic", [(0, 1), (10, 3)]);
        var svg = XElement.Parse(LineChart.ToSvg(chart));

        var curves = svg.Descendants(Svg + "polyline").ToArray();
        Assert.Equal(2, curves.Length);
        Assert.Equal(["generator 4", "critic 3"], curves.Select(curve => curve.Element(Svg + "title")!.Value));
        var points = Points(curves[0]);
        Assert.Equal(3, points.Length);

        // Straight data stay straight, and higher values are higher up.
        Assert.Equal((points[0].X + points[2].X) / 2, points[1].X, 0.02);
        Assert.Equal((points[0].Y + points[2].Y) / 2, points[1].Y, 0.02);
        Assert.True(points[2].Y < points[0].Y);

        // The mark "2" is at the height of the point (5, 2), the mark "10" below (10, 4).
        var texts = svg.Descendants(Svg + "text").ToArray();
        Assert.Contains(texts, text => text.Value is "2" or "2.0" && Math.Abs(Number(text, "y") - 4 - points[1].Y) < 0.02);
        Assert.Contains(texts, text => text.Value == "10" && Math.Abs(Number(text, "x") - points[2].X) < 0.02);
        Assert.Contains(texts, text => text.Value == "Losses");
        Assert.Contains(texts, text => text.Value == "epoch");
        Assert.Contains(texts, text => text.Value == "loss");
    }

    [Fact]
    public void Values_that_are_not_finite_leave_gaps()
    {
        var chart = new LineChart("", "", "").Add("a", [(0, 1), (1, 2), (2, double.NaN), (3, 1), (4, 1), (5, double.PositiveInfinity), (6, 2)]);
        var svg = XElement.Parse(LineChart.ToSvg(chart));
        Assert.Equal([2, 2], svg.Descendants(Svg + "polyline").Select(curve => Points(curve).Length));
        Assert.Single(svg.Descendants(Svg + "circle"));
        Assert.DoesNotContain("NaN", svg.ToString());
    }

    [Fact]
    public void Empty_charts_say_so()
    {
        Assert.Contains("no data yet", LineChart.ToSvg(new LineChart("Losses", "epoch", "loss")));
        Assert.Contains("no data yet", LineChart.ToSvg(new LineChart("Losses", "epoch", "loss").Add("a", [])));
        Assert.Contains("no data yet", LineChart.ToSvg(new LineChart("Losses", "epoch", "loss").Add("a", [(0, double.NaN)])));
    }

    [Fact]
    public void Any_name_makes_valid_xml()
    {
        var chart = new LineChart("<b> & \"c\" \u0001 \ud800", "x]]>", "é").Add("a<&>'", [(0, 1), (1, 2)]);
        var svg = XElement.Parse(LineChart.ToSvg(chart));
        Assert.Contains(svg.Descendants(Svg + "text"), text => text.Value.StartsWith("<b> & \"c\" ", StringComparison.Ordinal));
    }

    [Fact]
    public void Charts_stand_one_below_the_other_and_repeat()
    {
        var charts = Enumerable.Range(0, 3).Select(i => new LineChart($"chart {i}", "x", "y").Add("a", [(0, i), (1, 2 * i + 1)])).ToArray();
        LineChart.Save(_folder["curves.svg"], charts);
        Assert.Equal(LineChart.ToSvg(charts), File.ReadAllText(_folder["curves.svg"]));
        var svg = XElement.Parse(File.ReadAllText(_folder["curves.svg"]));
        Assert.Equal(3, svg.Elements(Svg + "g").Count());
        Assert.Equal(3 * Number(XElement.Parse(LineChart.ToSvg(charts[0])), "height"), Number(svg, "height"));
    }

    [Fact]
    public void Text_does_not_depend_on_the_language()
    {
        var chart = new LineChart("t", "x", "y").Add("a", [(0, 0.25), (1, 12345.5)]);
        var expected = LineChart.ToSvg(chart);
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NumberGroupSeparator) = (",", ".");
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = culture;
            Assert.Equal("0,5", 0.5.ToString());
            Assert.Equal(expected, LineChart.ToSvg(chart));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData(0, 1, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(0.9, 2.9, "0.5 1.0 1.5 2.0 2.5 3.0")]
    [InlineData(22722, 83177, "0 20,000 40,000 60,000 80,000 100,000")]
    [InlineData(32722, 83177, "30,000 40,000 50,000 60,000 70,000 80,000 90,000")]
    [InlineData(-3, 4, "-4 -2 0 2 4")]
    [InlineData(1e-7, 3e-7, "1e-7 1.5e-7 2e-7 2.5e-7 3e-7")]
    public void Vertical_axes_have_round_marks_around_the_data(double low, double high, string labels)
    {
        var axis = AxisScale.For([high, low, double.NaN], 6, isWidened: true);
        Assert.Equal(labels, string.Join(' ', axis.Ticks.Select(axis.Label)));
        Assert.True(axis.Low <= low && axis.High >= high);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(-1e20)]
    public void A_single_value_has_room_around_it(double value)
    {
        var axis = AxisScale.For([value, value], 6, isWidened: true);
        Assert.InRange(axis.Position(value), 0.1, 0.9);
        Assert.InRange(axis.Ticks.Count, 2, 12);
    }

    [Fact]
    public void Counted_axes_end_at_the_data_and_mark_whole_numbers_only()
    {
        var axis = AxisScale.For([1.0, 3.0], 10, isWidened: false);
        Assert.Equal((1.0, 3.0), (axis.Low, axis.High));
        Assert.Equal([1.0, 2.0, 3.0], axis.Ticks);
    }

    [Fact]
    public void Confusion_names_every_cell_that_is_not_empty()
    {
        long[,] counts = { { 8, 2, 0 }, { 0, 5, 0 }, { 0, 0, 0 } };
        var text = ConfusionChart.ToSvg("Test", ClassMapping.Parse("A<7"), (actual, answer) => counts[actual, answer]);
        var svg = XElement.Parse(text);

        var cells = svg.Descendants(Svg + "rect").Where(cell => cell.Element(Svg + "title") is not null).ToArray();
        Assert.Equal(
            ["A read as A: 8 of 10 (80.0 %)", "A read as <: 2 of 10 (20.0 %)", "< read as <: 5 of 5 (100.0 %)"],
            cells.Select(cell => cell.Element(Svg + "title")!.Value));
        Assert.Equal(["hit", "miss", "hit"], cells.Select(cell => cell.Attribute("class")!.Value));
        Assert.Equal(Number(cells[1], "x"), Number(cells[2], "x"));
        Assert.Equal(Number(cells[0], "y"), Number(cells[1], "y"));
        Assert.Contains("86.7 % of 15 images", text);
        ConfusionChart.Save(_folder["confusion.svg"], "Test", ClassMapping.Parse("A<7"), (actual, answer) => counts[actual, answer]);
        Assert.Equal(text, File.ReadAllText(_folder["confusion.svg"]));
    }

    [Fact]
    public void Confusion_without_images_is_an_empty_map() =>
        Assert.Contains("no images", ConfusionChart.ToSvg("Test", ClassMapping.Balanced, (_, _) => 0));

    private static double Number(XElement element, string attribute) =>
        double.Parse(element.Attribute(attribute)?.Value ?? "-1000", CultureInfo.InvariantCulture);

    private static (double X, double Y)[] Points(XElement curve) =>
        [.. curve.Attribute("points")!.Value.Split(' ').Select(point => point.Split(',')).Select(xy =>
            (double.Parse(xy[0], CultureInfo.InvariantCulture), double.Parse(xy[1], CultureInfo.InvariantCulture)))];
}
