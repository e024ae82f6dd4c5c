using System.Globalization;
using System.Text;
using Crypson.Nn;

namespace Crypson.Models;

/// <summary>Named curves over a common axis, as an SVG picture that follows a light or dark page.</summary>
/// <param name="title">Above the chart.</param>
/// <param name="xLabel">Below the horizontal axis.</param>
/// <param name="yLabel">Beside the vertical axis; may be empty.</param>
public sealed class LineChart(string title, string xLabel, string yLabel)
{
    private const double Width = 720;
    private const double Height = 320;
    private const double Left = 76;
    private const double Right = 20;
    private const double Top = 64;
    private const double Bottom = 48;
    private const double LegendGap = 18;

    // About the width of a letter of 12 pixels.
    private const double LetterWidth = 6.6;

    private readonly List<(string Name, IReadOnlyList<(double X, double Y)> Points)> series = [];

    /// <summary>Adds a curve. Points that are not finite leave a gap.</summary>
    /// <param name="name">Its name in the legend.</param>
    /// <param name="points">In the order in which they are joined.</param>
    public LineChart Add(string name, IReadOnlyList<(double X, double Y)> points)
    {
        series.Add((name, points));
        return this;
    }

    /// <summary>One picture with several charts, one below the other.</summary>
    public static string ToSvg(params IReadOnlyList<LineChart> charts)
    {
        var svg = new SvgWriter(Width, Height * charts.Count);
        for (var i = 0; i < charts.Count; i++)
        {
            svg.StartGroup(0, i * Height);
            charts[i].Draw(svg);
            svg.EndGroup();
        }

        return svg.Finish();
    }

    /// <summary>Writes <see cref="ToSvg"/> to a file, which appears complete or not at all; missing folders are made.</summary>
    public static void Save(string path, params IReadOnlyList<LineChart> charts)
    {
        var bytes = Encoding.UTF8.GetBytes(ToSvg(charts));
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    private void Draw(SvgWriter svg)
    {
        var points = series.SelectMany(curve => curve.Points).Where(IsFinite).ToArray();
        var xAxis = AxisScale.For([.. points.Select(point => point.X)], 10, isWidened: false);
        var yAxis = AxisScale.For([.. points.Select(point => point.Y)], 6, isWidened: true);
        svg.Text(Left, 26, title, "title");
        DrawAxes(svg, xAxis, yAxis);
        DrawLegend(svg);
        if (points.Length == 0)
        {
            svg.Text((Left + Width - Right) / 2, (Top + Height - Bottom) / 2, "no data yet", "faint middle");
        }

        for (var i = 0; i < series.Count; i++)
        {
            var run = new List<(double X, double Y)>();
            foreach (var point in series[i].Points)
            {
                if (IsFinite(point))
                {
                    run.Add((X(xAxis, point.X), Y(yAxis, point.Y)));
                }
                else
                {
                    EndRun(run, i);
                }
            }

            EndRun(run, i);
        }

        void EndRun(List<(double X, double Y)> run, int index)
        {
            if (run.Count > 0)
            {
                svg.Curve(run, index, LegendText(index));
                run.Clear();
            }
        }
    }

    private void DrawAxes(SvgWriter svg, AxisScale xAxis, AxisScale yAxis)
    {
        foreach (var tick in yAxis.Ticks)
        {
            svg.Line(Left, Y(yAxis, tick), Width - Right, Y(yAxis, tick), "grid");
            svg.Text(Left - 8, Y(yAxis, tick) + 4, yAxis.Label(tick), "faint end");
        }

        svg.Line(Left, Height - Bottom, Width - Right, Height - Bottom, "axis");
        foreach (var tick in xAxis.Ticks)
        {
            svg.Line(X(xAxis, tick), Height - Bottom, X(xAxis, tick), Height - Bottom + 4, "axis");
            svg.Text(X(xAxis, tick), Height - Bottom + 18, xAxis.Label(tick), "faint middle");
        }

        svg.Text((Left + Width - Right) / 2, Height - 10, xLabel, "faint middle");
        if (yLabel.Length > 0)
        {
            svg.Text(16, (Top + Height - Bottom) / 2, yLabel, "faint middle", turned: true);
        }
    }

    // One line of names; those that do not fit are left to the hover text of their curve.
    private void DrawLegend(SvgWriter svg)
    {
        var x = Left;
        for (var i = 0; i < series.Count; i++)
        {
            var width = 22 + LetterWidth * LegendText(i).Length;
            if (x + width > Width)
            {
                svg.Text(x, 50, "…", "faint");
                return;
            }

            svg.Swatch(x, 44, i);
            svg.Text(x + 22, 50, LegendText(i));
            x += width + LegendGap;
        }
    }

    // The name with the last value, which is what one looks for first.
    private string LegendText(int index)
    {
        var (name, points) = series[index];
        var last = points.LastOrDefault(IsFinite, (X: 0, Y: double.NaN)).Y;
        var format = Math.Abs(last) is >= 1000 and < 1e9 ? "N0" : "G4";
        return double.IsNaN(last) ? name : $"{name} {last.ToString(format, CultureInfo.InvariantCulture)}";
    }

    private static bool IsFinite((double X, double Y) point) => double.IsFinite(point.X) && double.IsFinite(point.Y);

    private static double X(AxisScale axis, double value) => Left + axis.Position(value) * (Width - Left - Right);

    private static double Y(AxisScale axis, double value) => Height - Bottom - axis.Position(value) * (Height - Top - Bottom);
}
