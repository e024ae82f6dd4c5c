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

    private readonly int _sourceSide;
    private readonly int _targetSide;
    private readonly int _taps;
    private readonly int[] _starts;
    private readonly int[] _weights;
    private readonly byte[] _rows;

    /// <summary>Prepares the weights for one pair of sizes.</summary>
    public ImageScaler(int sourceSide, int targetSide)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sourceSide, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(targetSide, 1);
        (_sourceSide, _targetSide) = (sourceSide, targetSide);
        var scale = (double)sourceSide / targetSide;
        var support = Math.Max(scale, 1);
        _taps = Math.Min((int)Math.Ceiling(support) * 2 + 1, sourceSide);
        _starts = new int[targetSide];
        _weights = new int[targetSide * _taps];
        _rows = new byte[sourceSide * targetSide];
        var weights = new double[_taps];
        for (var x = 0; x < targetSide; x++)
        {
            var centre = (x + 0.5) * scale;
            var start = Math.Max((int)(centre - support + 0.5), 0);
            var end = Math.Min((int)(centre + support + 0.5), sourceSide);
            var sum = 0.0;
            for (var i = start; i < end; i++)
            {
                weights[i - start] = Math.Max(0, 1 - Math.Abs((i - centre + 0.5) / support));
                sum += weights[i - start];
            }

            // A window of fewer than _taps pixels is moved left so that it never reads past the edge.
            _starts[x] = Math.Min(start, sourceSide - _taps);
            for (var i = start; i < end; i++)
            {
                _weights[x * _taps + i - _starts[x]] = (int)(0.5 + weights[i - start] / sum * (1 << PrecisionBits));
            }
        }
    }

    /// <summary>Resizes one image: [sourceSide, sourceSide] to [targetSide, targetSide].</summary>
    public void Resize(ReadOnlySpan<byte> source, Span<byte> target)
    {
        if (source.Length != _sourceSide * _sourceSide || target.Length != _targetSide * _targetSide)
        {
            throw new ArgumentException($"resize: {source.Length} and {target.Length} pixels do not match {_sourceSide} x {_sourceSide} to {_targetSide} x {_targetSide}");
        }

        if (_sourceSide == _targetSide)
        {
            source.CopyTo(target);
            return;
        }

        for (var y = 0; y < _sourceSide; y++)
        {
            var row = source.Slice(y * _sourceSide, _sourceSide);
            for (var x = 0; x < _targetSide; x++)
            {
                var sum = 1 << (PrecisionBits - 1);
                var weights = _weights.AsSpan(x * _taps, _taps);
                var pixels = row.Slice(_starts[x], _taps);
                for (var i = 0; i < weights.Length; i++)
                {
                    sum += weights[i] * pixels[i];
                }

                _rows[y * _targetSide + x] = ToByte(sum);
            }
        }

        Span<int> sums = stackalloc int[_targetSide];
        for (var y = 0; y < _targetSide; y++)
        {
            sums.Fill(1 << (PrecisionBits - 1));
            for (var i = 0; i < _taps; i++)
            {
                var weight = _weights[y * _taps + i];
                var row = _rows.AsSpan((_starts[y] + i) * _targetSide, _targetSide);
                for (var x = 0; x < sums.Length; x++)
                {
                    sums[x] += weight * row[x];
                }
            }

            var output = target.Slice(y * _targetSide, _targetSide);
            for (var x = 0; x < sums.Length; x++)
            {
                output[x] = ToByte(sums[x]);
            }
        }
    }

    private static byte ToByte(int sum) => (byte)Math.Clamp(sum >> PrecisionBits, 0, 255);
}
