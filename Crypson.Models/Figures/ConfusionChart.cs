using System.Globalization;
using System.Text;
using Crypson.Nn;

namespace Crypson.Models;

/// <summary>
/// Which class was read as which, as an SVG heat map: a row per true class, a column per answer, right answers on the
/// diagonal in one colour and mistakes in another. Hovering over a cell names it.
/// </summary>
public static class ConfusionChart
{
    private const double Cell = 15;
    private const double Left = 56;
    private const double Top = 84;
    private const double Right = 64;
    private const double Bottom = 24;

    /// <summary>Draws the map.</summary>
    /// <param name="title">Above the map.</param>
    /// <param name="classes">The classes of rows and columns.</param>
    /// <param name="count">How many images of a true class (first) got an answer (second).</param>
    public static string ToSvg(string title, ClassMapping classes, Func<int, int, long> count)
    {
        var size = classes.Count * Cell;
        var svg = new SvgWriter(Math.Max(Left + size + Right, 420), Top + size + Bottom);
        var (total, right) = (0L, 0L);
        for (var actual = 0; actual < classes.Count; actual++)
        {
            right += count(actual, actual);
            total += Enumerable.Range(0, classes.Count).Sum(answer => count(actual, answer));
        }

        svg.Text(Left, 26, title, "title");
        svg.Text(Left, 46, total == 0 ? "no images" : $"{Share(right, total)} of {Whole(total)} images read correctly; right: share of each class", "faint");
        svg.Text(Left + size / 2, 66, "read as", "faint middle");
        svg.Text(16, Top + size / 2, "true class", "faint middle", turned: true);
        for (var i = 0; i <= classes.Count; i++)
        {
            svg.Line(Left + i * Cell, Top, Left + i * Cell, Top + size, "grid");
            svg.Line(Left, Top + i * Cell, Left + size, Top + i * Cell, "grid");
        }

        for (var actual = 0; actual < classes.Count; actual++)
        {
            DrawRow(svg, classes, actual, count);
        }

        return svg.Finish();
    }

    /// <summary>Writes the map to a file, which appears complete or not at all; missing folders are made.</summary>
    public static void Save(string path, string title, ClassMapping classes, Func<int, int, long> count)
    {
        var bytes = Encoding.UTF8.GetBytes(ToSvg(title, classes, count));
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    private static void DrawRow(SvgWriter svg, ClassMapping classes, int actual, Func<int, int, long> count)
    {
        var middle = Top + actual * Cell + Cell / 2 + 4;
        svg.Text(Left - 12, middle, $"{classes[actual]}", "middle");
        svg.Text(Left + actual * Cell + Cell / 2, Top - 6, $"{classes[actual]}", "middle");
        var total = Enumerable.Range(0, classes.Count).Sum(answer => count(actual, answer));
        if (total == 0)
        {
            return;
        }

        for (var answer = 0; answer < classes.Count; answer++)
        {
            var images = count(actual, answer);
            if (images > 0)
            {
                // The root lets a mistake of one percent be seen beside a diagonal of ninety.
                var strength = Math.Max(0.06, Math.Sqrt((double)images / total));
                var hover = $"{classes[actual]} read as {classes[answer]}: {Whole(images)} of {Whole(total)} ({Share(images, total)})";
                svg.Rectangle(Left + answer * Cell + 0.5, Top + actual * Cell + 0.5, Cell - 1, Cell - 1, answer == actual ? "hit" : "miss", strength, hover);
            }
        }

        svg.Text(Left + classes.Count * Cell + 46, middle, Share(count(actual, actual), total), "faint end");
    }

    private static string Whole(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Share(long part, long whole) => (100.0 * part / whole).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
