using System.Globalization;
using System.Numerics;

namespace Crypson.Models;

/// <summary>
/// One way to write a character: strokes, each a list of points the pen passes. The unit is a hundredth of the height
/// of a capital; x goes right, y down.
/// </summary>
internal sealed class GlyphShape
{
    private GlyphShape(float weight, GlyphStroke[] strokes)
    {
        (Weight, Strokes) = (weight, strokes);
        (Low, High) = (new Vector2(float.MaxValue), new Vector2(float.MinValue));
        foreach (var point in strokes.SelectMany(stroke => stroke.Points))
        {
            (Low, High) = (Vector2.Min(Low, point), Vector2.Max(High, point));
        }
    }

    /// <summary>How often this shape is chosen, against the other shapes of the character.</summary>
    public float Weight { get; }

    /// <summary>The strokes in the order of writing.</summary>
    public GlyphStroke[] Strokes { get; }

    /// <summary>The upper left corner of the box around all points.</summary>
    public Vector2 Low { get; }

    /// <summary>The lower right corner of the box around all points.</summary>
    public Vector2 High { get; }

    /// <summary>
    /// Reads "WEIGHT: x,y x,y ... ; x,y ...": a semicolon lifts the pen, an exclamation mark after a point makes it a
    /// corner, where the smooth curve through the points is broken.
    /// </summary>
    public static GlyphShape Parse(string text)
    {
        var colon = text.IndexOf(':');
        var weight = float.Parse(text.AsSpan(0, colon), CultureInfo.InvariantCulture);
        var strokes = text[(colon + 1)..].Split(';').Select(stroke =>
        {
            var words = stroke.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return new GlyphStroke([.. words.Select(ParsePoint)], [.. words.Select(word => word.EndsWith('!'))]);
        });
        return new GlyphShape(weight, [.. strokes]);
    }

    private static Vector2 ParsePoint(string word)
    {
        var numbers = word.TrimEnd('!').Split(',');
        return new Vector2(float.Parse(numbers[0], CultureInfo.InvariantCulture), float.Parse(numbers[1], CultureInfo.InvariantCulture));
    }
}
