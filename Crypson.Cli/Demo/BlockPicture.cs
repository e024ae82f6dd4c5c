using System.Globalization;
using System.Text;

namespace Crypson.Cli;

/// <summary>Draws letters and numbers with block characters, two pixels above each other in one character.</summary>
internal static class BlockPicture
{
    /// <summary>Characters in a row of a picture.</summary>
    public const int Columns = 16;

    /// <summary>Rows of a picture.</summary>
    public const int Rows = 8;

    private const int Side = 32;
    private const string Heights = "▁▂▃▄▅▆▇█";

    /// <summary>A row as markup: dark ink on white paper in shades of grey.</summary>
    /// <param name="image">[32, 32] in [0, 1].</param>
    /// <param name="row">0 to <see cref="Rows"/> - 1.</param>
    public static string Shaded(float[] image, int row)
    {
        var text = new StringBuilder();
        for (var column = 0; column < Columns; column++)
        {
            text.Append(CultureInfo.InvariantCulture, $"[{Grey(image, column, 2 * row)} on {Grey(image, column, (2 * row) + 1)}]▀[/]");
        }

        return text.ToString();
    }

    /// <summary>A row as plain text: blocks where there is more ink than paper.</summary>
    public static string Plain(float[] image, int row)
    {
        var text = new StringBuilder();
        for (var column = 0; column < Columns; column++)
        {
            var (top, bottom) = (Ink(image, column, 2 * row) > 0.4f, Ink(image, column, (2 * row) + 1) > 0.4f);
            text.Append((top, bottom) switch { (true, true) => '█', (true, false) => '▀', (false, true) => '▄', _ => ' ' });
        }

        return text.ToString();
    }

    /// <summary>Eight numbers as bars of two characters each, from -<paramref name="range"/> to <paramref name="range"/>.</summary>
    public static string Bars(float[] values, float range) => string.Concat(values.Select(value =>
        new string(Heights[Math.Clamp((int)(((value / range) + 1) / 2 * Heights.Length), 0, Heights.Length - 1)], Columns / values.Length)));

    private static string Grey(float[] image, int x, int y)
    {
        var value = 255 - (int)MathF.Round(255 * Ink(image, x, y));
        return $"#{value:X2}{value:X2}{value:X2}";
    }

    // The mean of two by two pixels.
    private static float Ink(float[] image, int x, int y)
    {
        var first = (2 * y * Side) + (2 * x);
        return Math.Clamp((image[first] + image[first + 1] + image[first + Side] + image[first + Side + 1]) / 4, 0, 1);
    }
}
