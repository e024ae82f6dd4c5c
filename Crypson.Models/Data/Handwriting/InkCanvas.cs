using System.Numerics;

namespace Crypson.Models;

/// <summary>
/// Draws pen strokes of varying width with soft edges: for every pixel centre the distance to the nearest stroke's
/// edge, turned into ink at the end, so that crossing strokes do not darken one another.
/// </summary>
internal readonly ref struct InkCanvas
{
    private readonly Span<float> outside;
    private readonly int side;
    private readonly float softness;

    /// <summary>Starts an empty canvas.</summary>
    /// <param name="outside">Scratch of side * side numbers: distance from the ink's edge, negative inside.</param>
    /// <param name="side">Width and height in pixels.</param>
    /// <param name="softness">Width in pixels over which the edge fades.</param>
    public InkCanvas(Span<float> outside, int side, float softness)
    {
        this.outside = outside;
        this.side = side;
        this.softness = softness;
        outside.Fill(softness);
    }

    /// <summary>Adds a line whose half width goes from one value to another. Pixel (x, y) has its centre at (x + 0.5, y + 0.5).</summary>
    public void Line(Vector2 from, Vector2 to, float fromRadius, float toRadius)
    {
        var reach = new Vector2(Math.Max(fromRadius, toRadius) + 0.5f * softness);
        var low = Vector2.Min(from, to) - reach;
        var high = Vector2.Max(from, to) + reach;
        var (left, right) = (Math.Max(0, (int)low.X), Math.Min(side - 1, (int)high.X));
        var (top, bottom) = (Math.Max(0, (int)low.Y), Math.Min(side - 1, (int)high.Y));
        var along = to - from;
        var inverse = 1 / (along.LengthSquared() + 1e-6f);
        var widening = toRadius - fromRadius;
        for (var y = top; y <= bottom; y++)
        {
            var dy = y + 0.5f - from.Y;
            for (var x = left; x <= right; x++)
            {
                var dx = x + 0.5f - from.X;
                var t = Math.Clamp((dx * along.X + dy * along.Y) * inverse, 0, 1);
                var (ex, ey) = (dx - t * along.X, dy - t * along.Y);
                var distance = MathF.Sqrt(ex * ex + ey * ey) - fromRadius - t * widening;
                ref var nearest = ref outside[y * side + x];
                nearest = Math.Min(nearest, distance);
            }
        }
    }

    /// <summary>Turns distances into ink, 0 to 255: half at the edge, with a smooth step around it.</summary>
    public void Develop(Span<byte> image)
    {
        var inverse = 1 / softness;
        for (var i = 0; i < image.Length; i++)
        {
            var t = Math.Clamp(0.5f - outside[i] * inverse, 0, 1);
            image[i] = (byte)(t * t * (3 - 2 * t) * 255 + 0.5f);
        }
    }
}
