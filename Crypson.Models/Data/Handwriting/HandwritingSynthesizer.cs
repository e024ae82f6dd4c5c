using System.Numerics;

namespace Crypson.Models;

/// <summary>
/// Draws handwritten digits and letters that look like EMNIST's, for machines without EMNIST: our own pen strokes
/// (<see cref="GlyphShapes"/>) with a random choice of shape, jittered points, a smooth bend of the whole letter
/// (free-form deformation, Sederberg and Parry 1986), slant, rotation, proportions, pen width and blur; then fitted
/// into the middle of the image as EMNIST does it. Images are upright, 28 x 28, 0 background to 255 ink.
/// </summary>
/// <remarks>
/// An image depends on nothing but the seed, its character class and its index, so any order and any number of
/// threads give the same images, without end. Only additions, multiplications, divisions and square roots are used,
/// which round alike on every processor.
/// </remarks>
public sealed class HandwritingSynthesizer
{
    /// <summary>Width and height of an image.</summary>
    public const int Side = 28;

    /// <summary>Pixels of an image.</summary>
    public const int PixelCount = Side * Side;

    // As EMNIST: the letter with its soft edge fills a frame of 24 x 24, 2 pixels from the border.
    private const float Frame = 23.2f;
    private const int MaxStrokes = 4;
    private const int MaxPoints = 16;
    private const int MaxLine = (MaxPoints - 1) * PenPath.LinesPerStretch + 1;

    private readonly GlyphShape[][][] shapes;

    /// <summary>Prepares the classes; a class that stands for a capital and its small letter draws both.</summary>
    /// <param name="classes">Which characters to draw.</param>
    /// <param name="seed">Key of all random choices.</param>
    /// <exception cref="ArgumentException">A class is neither a digit nor a letter of A-Z, a-z.</exception>
    public HandwritingSynthesizer(ClassMapping classes, ulong seed)
    {
        (Classes, Seed) = (classes, seed);
        shapes = new GlyphShape[classes.Count][][];
        for (var i = 0; i < classes.Count; i++)
        {
            var small = char.ToLowerInvariant(classes[i]);
            shapes[i] = small != classes[i] && classes.ClassOf(small) == i
                ? [GlyphShapes.Of(classes[i]), GlyphShapes.Of(small)]
                : [GlyphShapes.Of(classes[i])];
        }
    }

    /// <summary>The characters drawn.</summary>
    public ClassMapping Classes { get; }

    /// <summary>Key of all random choices.</summary>
    public ulong Seed { get; }

    /// <summary>Draws one image of 28 x 28 pixels, upright.</summary>
    /// <param name="image">Receives [28, 28].</param>
    /// <param name="classIndex">Which class.</param>
    /// <param name="index">Which image of the class, 0 to 2⁴⁸ - 1.</param>
    public void Draw(Span<byte> image, int classIndex, long index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)classIndex, (uint)Classes.Count, nameof(classIndex));
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, 1L << 48);
        if (image.Length != PixelCount)
        {
            throw new ArgumentException($"handwriting: room for {image.Length} pixels, {PixelCount} are needed", nameof(image));
        }

        var random = new Philox(Seed, (ulong)classIndex << 48 | (ulong)index);
        Draw(image, Choose(shapes[classIndex], random), random);
    }

    private static GlyphShape Choose(GlyphShape[][] alternatives, Philox random)
    {
        var shapes = alternatives[random.Next(alternatives.Length)];
        var mark = random.NextSingle() * shapes.Sum(shape => shape.Weight);
        foreach (var shape in shapes)
        {
            mark -= shape.Weight;
            if (mark < 0)
            {
                return shape;
            }
        }

        return shapes[^1];
    }

    private static void Draw(Span<byte> image, GlyphShape shape, Philox random)
    {
        var hand = Hand.Draw(random);
        Span<Vector2> bend = stackalloc Vector2[16];
        foreach (ref var offset in bend)
        {
            offset = hand.Bend * NextPoint(random);
        }

        Span<Vector2> lines = stackalloc Vector2[MaxStrokes * MaxLine];
        Span<int> ends = stackalloc int[MaxStrokes];
        var count = 0;
        for (var s = 0; s < shape.Strokes.Length; s++)
        {
            count += Write(shape.Strokes[s], hand, lines[count..], random);
            ends[s] = count;
        }

        lines = lines[..count];
        var (low, high) = (new Vector2(float.MaxValue), new Vector2(float.MinValue));
        foreach (ref var point in lines)
        {
            point = hand.Transform(point + Deformation(bend, (point - shape.Low) / (shape.High - shape.Low + new Vector2(20))));
            (low, high) = (Vector2.Min(low, point), Vector2.Max(high, point));
        }

        // The box around the ink, pen included, is scaled into the frame; a small letter ends with a thicker, softer line.
        var extent = high - low;
        var scale = (Frame - 2 * hand.PenRadius) / Math.Max(extent.X, extent.Y);
        var middle = 0.5f * (low + high);
        var centre = new Vector2(0.5f * Side) + 0.3f * NextPoint(random);
        var radius = hand.PenRadius * (0.75f + scale);
        var canvas = new InkCanvas(stackalloc float[PixelCount], Side, hand.Softness * (0.7f + 1.2f * scale));
        var start = 0;
        for (var s = 0; s < shape.Strokes.Length; s++)
        {
            DrawStroke(canvas, lines[start..ends[s]], centre - scale * middle, scale, radius, random);
            start = ends[s];
        }

        canvas.Develop(image);
    }

    // One stroke with its points moved at random, its place a little off and its ends drawn out or cut short.
    private static int Write(GlyphStroke stroke, Hand hand, Span<Vector2> line, Philox random)
    {
        Span<Vector2> points = stackalloc Vector2[MaxPoints];
        points = points[..stroke.Points.Length];
        var place = 2.2f * hand.Jitter * NextPoint(random);
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = stroke.Points[i] + place + 2.6f * hand.Jitter * NextPoint(random);
        }

        DrawOut(ref points[0], points[1], 4 * hand.Jitter * random.NextNormal());
        DrawOut(ref points[^1], points[^2], 5 * hand.Jitter * random.NextNormal());
        return PenPath.Flatten(points, stroke.Corners, line);
    }

    // Moves an end along the stroke, but never by more than a third of the stretch: a dot stays a dot.
    private static void DrawOut(ref Vector2 end, Vector2 next, float length)
    {
        var stretch = end - next;
        var room = MathF.Sqrt(stretch.LengthSquared()) + 1e-3f;
        end += stretch * (Math.Clamp(length, -room / 3, room / 3) / room);
    }

    private static void DrawStroke(InkCanvas canvas, ReadOnlySpan<Vector2> line, Vector2 origin, float scale, float radius, Philox random)
    {
        var from = origin + scale * line[0];
        var (fromPressure, nextPressure) = (0f, Pressure(random));
        var fromRadius = radius * nextPressure;
        for (var i = 1; i < line.Length; i++)
        {
            // A new pressure at every point the pen passes, changing evenly in between.
            var step = (i - 1) % PenPath.LinesPerStretch;
            (fromPressure, nextPressure) = step == 0 ? (nextPressure, Pressure(random)) : (fromPressure, nextPressure);
            var t = (step + 1) / (float)PenPath.LinesPerStretch;
            var to = origin + scale * line[i];
            var toRadius = radius * (fromPressure + t * (nextPressure - fromPressure));
            canvas.Line(from, to, fromRadius, toRadius);
            (from, fromRadius) = (to, toRadius);
        }
    }

    private static float Pressure(Philox random) => Math.Clamp(1 + 0.15f * random.NextNormal(), 0.6f, 1.5f);

    // A Bezier patch of 4 x 4 offsets over the letter's box; at is 0 to 1 in both directions.
    private static Vector2 Deformation(ReadOnlySpan<Vector2> offsets, Vector2 at)
    {
        Span<float> across = stackalloc float[4];
        Span<float> down = stackalloc float[4];
        Bernstein(at.X, across);
        Bernstein(at.Y, down);
        var sum = Vector2.Zero;
        for (var i = 0; i < 16; i++)
        {
            sum += across[i & 3] * down[i >> 2] * offsets[i];
        }

        return sum;
    }

    private static void Bernstein(float t, Span<float> weights)
    {
        t = Math.Clamp(t, -0.1f, 1.1f);
        var u = 1 - t;
        (weights[0], weights[1], weights[2], weights[3]) = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t);
    }

    private static Vector2 NextPoint(Philox random) => new(random.NextNormal(), random.NextNormal());

    /// <summary>What one letter has in common: how carefully it is written, its slant, proportions and pen.</summary>
    private readonly record struct Hand(float Jitter, float Bend, float PenRadius, float Softness, Vector2 AxisX, Vector2 AxisY)
    {
        public static Hand Draw(Philox random)
        {
            var jitter = Math.Clamp(1.15f + 0.4f * random.NextNormal(), 0.4f, 2);
            var bend = 7 * Math.Clamp(1 + 0.35f * random.NextNormal(), 0.3f, 2);
            var pen = Math.Clamp(1.40f + 0.42f * random.NextNormal(), 0.7f, 2.5f);
            var softness = Math.Clamp(2.35f + 0.4f * random.NextNormal(), 1.4f, 3.4f);

            // Tangent of half the angle; sine and cosine follow without transcendental functions.
            var t = 0.05f * random.NextNormal();
            var (sin, cos) = (2 * t / (1 + t * t), (1 - t * t) / (1 + t * t));
            var slant = 0.18f + 0.2f * random.NextNormal();
            var widen = Math.Clamp(1.13f + 0.18f * random.NextNormal(), 0.6f, 1.8f);
            var x = new Vector2(widen, 0);
            var y = new Vector2(-slant, 1);
            return new Hand(jitter, bend, pen, softness, Rotate(x), Rotate(y));

            Vector2 Rotate(Vector2 v) => new(cos * v.X - sin * v.Y, sin * v.X + cos * v.Y);
        }

        public Vector2 Transform(Vector2 point) => point.X * AxisX + point.Y * AxisY;
    }
}
