namespace Crypson.Models;

/// <summary>
/// Resizes square 8-bit images with the antialiased bilinear (triangle) filter of Pillow and torchvision: half-pixel
/// centres, a support that widens when shrinking, weights normalised at the edges; rows first, then columns, 22-bit
/// fixed-point weights and rounding to bytes after each pass, so the result is Pillow's to the last bit.
/// </summary>
/// <remarks>An instance keeps scratch memory: one per thread.</remarks>
public sealed class ImageScaler
{
    private const int PrecisionBits = 22;

    private readonly int sourceSide;
    private readonly int targetSide;
    private readonly int taps;
    private readonly int[] starts;
    private readonly int[] weights;
    private readonly byte[] rows;

    /// <summary>Prepares the weights for one pair of sizes.</summary>
    public ImageScaler(int sourceSide, int targetSide)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sourceSide, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(targetSide, 1);
        (this.sourceSide, this.targetSide) = (sourceSide, targetSide);
        var scale = (double)sourceSide / targetSide;
        var support = Math.Max(scale, 1);
        taps = Math.Min((int)Math.Ceiling(support) * 2 + 1, sourceSide);
        starts = new int[targetSide];
        weights = new int[targetSide * taps];
        rows = new byte[sourceSide * targetSide];
        var exact = new double[taps];
        for (var x = 0; x < targetSide; x++)
        {
            var centre = (x + 0.5) * scale;
            var start = Math.Max((int)(centre - support + 0.5), 0);
            var end = Math.Min((int)(centre + support + 0.5), sourceSide);
            var sum = 0.0;
            for (var i = start; i < end; i++)
            {
                exact[i - start] = Math.Max(0, 1 - Math.Abs((i - centre + 0.5) / support));
                sum += exact[i - start];
            }

            // A window of fewer than taps pixels is moved left so that it never reads past the edge.
            starts[x] = Math.Min(start, sourceSide - taps);
            for (var i = start; i < end; i++)
            {
                weights[x * taps + i - starts[x]] = (int)(0.5 + exact[i - start] / sum * (1 << PrecisionBits));
            }
        }
    }

    /// <summary>Resizes one image: [sourceSide, sourceSide] to [targetSide, targetSide].</summary>
    public void Resize(ReadOnlySpan<byte> source, Span<byte> target)
    {
        if (source.Length != sourceSide * sourceSide || target.Length != targetSide * targetSide)
        {
            throw new ArgumentException($"resize: {source.Length} and {target.Length} pixels do not match {sourceSide} x {sourceSide} to {targetSide} x {targetSide}");
        }

        if (sourceSide == targetSide)
        {
            source.CopyTo(target);
            return;
        }

        for (var y = 0; y < sourceSide; y++)
        {
            var row = source.Slice(y * sourceSide, sourceSide);
            for (var x = 0; x < targetSide; x++)
            {
                var sum = 1 << (PrecisionBits - 1);
                var filter = weights.AsSpan(x * taps, taps);
                var pixels = row.Slice(starts[x], taps);
                for (var i = 0; i < filter.Length; i++)
                {
                    sum += filter[i] * pixels[i];
                }

                rows[y * targetSide + x] = ToByte(sum);
            }
        }

        Span<int> sums = stackalloc int[targetSide];
        for (var y = 0; y < targetSide; y++)
        {
            sums.Fill(1 << (PrecisionBits - 1));
            for (var i = 0; i < taps; i++)
            {
                var weight = weights[y * taps + i];
                var row = rows.AsSpan((starts[y] + i) * targetSide, targetSide);
                for (var x = 0; x < sums.Length; x++)
                {
                    sums[x] += weight * row[x];
                }
            }

            var output = target.Slice(y * targetSide, targetSide);
            for (var x = 0; x < sums.Length; x++)
            {
                output[x] = ToByte(sums[x]);
            }
        }
    }

    private static byte ToByte(int sum) => (byte)Math.Clamp(sum >> PrecisionBits, 0, 255);
}
