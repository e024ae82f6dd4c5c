using System.Numerics;

namespace Crypson.Models;

/// <summary>
/// Turns a stroke's points into a fine polyline. Between corners it passes the points on cubic Hermite curves that are
/// as round as they can be: where the points lie on a circle, the curve is close to that circle.
/// </summary>
internal static class PenPath
{
    /// <summary>Lines per stretch between two points: bends of the whole letter need them on straight stretches too.</summary>
    public const int LinesPerStretch = 6;

    /// <summary>Writes the polyline of a stroke and returns its number of points.</summary>
    /// <param name="points">The points to pass, two or more.</param>
    /// <param name="corners">Where the curve is broken; the same length.</param>
    /// <param name="line">Room for (points - 1) * <see cref="LinesPerStretch"/> + 1 points.</param>
    public static int Flatten(ReadOnlySpan<Vector2> points, ReadOnlySpan<bool> corners, Span<Vector2> line)
    {
        var count = 0;
        line[count++] = points[0];
        for (var start = 0; start < points.Length - 1;)
        {
            var end = start + 1;
            while (end < points.Length - 1 && !corners[end])
            {
                end++;
            }

            count = Smooth(points[start..(end + 1)], line, count);
            start = end;
        }

        return count;
    }

    private static int Smooth(ReadOnlySpan<Vector2> points, Span<Vector2> line, int count)
    {
        var last = points.Length - 1;
        var after = Vector2.Zero;
        for (var i = 0; i < last; i++)
        {
            var (p, q) = (points[i], points[i + 1]);
            var chord = q - p;
            var length = Length(chord);
            chord /= length;
            var before = after;
            after = i + 1 < last ? Direction(p, q, points[i + 2]) : i > 0 ? FreeEnd(before, chord) : chord;
            before = i > 0 ? before : FreeEnd(after, chord);
            var (start, end) = (Reach(before, chord) * length * before, Reach(after, chord) * length * after);
            for (var step = 1; step <= LinesPerStretch; step++)
            {
                var t = step / (float)LinesPerStretch;
                var (t2, t3) = (t * t, t * t * t);
                line[count++] = (2 * t3 - 3 * t2 + 1) * p + (3 * t2 - 2 * t3) * q + (t3 - 2 * t2 + t) * start + (t3 - t2) * end;
            }
        }

        return count;
    }

    // Between the two chords, nearer to the shorter one: where a bend goes on evenly.
    private static Vector2 Direction(Vector2 a, Vector2 b, Vector2 c)
    {
        var (first, second) = (b - a, c - b);
        var (firstLength, secondLength) = (Length(first), Length(second));
        var ratio = MathF.Sqrt(secondLength / firstLength);
        return Unit(first * (ratio / firstLength) + second / (ratio * secondLength));
    }

    // The direction at a free end: turned from the chord half as far as the arc over it would be.
    private static Vector2 FreeEnd(Vector2 other, Vector2 chord) => Unit((2 * Vector2.Dot(other, chord) + 1) * chord - other);

    // The derivative, in chords, that makes the cubic closest to an arc which leaves its chord at angle a:
    // 1 / cos²(a / 2). Up to 60 degrees; a hairpin is no arc.
    private static float Reach(Vector2 direction, Vector2 chord) => 2 / (1 + Math.Max(0.5f, Vector2.Dot(direction, chord)));

    private static Vector2 Unit(Vector2 v) => v / Length(v);

    // Never zero, so that two points on one spot do no harm.
    private static float Length(Vector2 v) => MathF.Sqrt(v.LengthSquared() + 1e-6f);
}
