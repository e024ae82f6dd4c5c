using System.Runtime.Intrinsics;
using Crypson.Cpu.Winograd;

namespace Crypson.Cpu.Inference;

/// <summary>
/// Brings images [lane][channel][position] to a panel of activations [position][channel][lane], or back. Lanes behind the
/// last are zeros.
/// </summary>
internal readonly unsafe struct LaneTransposition(float* images, float* panel, ImageSize size, int lanes, int panelLanes)
{
    private readonly float* images = images;
    private readonly float* panel = panel;

    public void ToPanel() => Run(false);

    public void FromPanel() => Run(true);

    private void Run(bool back)
    {
        var rows = stackalloc float*[8];
        var spare = stackalloc float[64];
        for (var lane = 0; lane < panelLanes; lane += 8)
        {
            var used = Math.Clamp(lanes - lane, 0, 8);
            for (var feature = 0; feature < size.Count; feature += 8)
            {
                var count = Math.Min(8, size.Count - feature);
                for (var i = 0; i < count; i++)
                {
                    var (channel, position) = ((feature + i) / size.Positions, (feature + i) % size.Positions);
                    rows[i] = panel + ((((nint)position * size.Channels) + channel) * panelLanes) + lane;
                }

                var image = images + ((nint)lane * size.Count) + feature;
                if (back)
                {
                    FromRows(rows, count, image, used, spare);
                }
                else
                {
                    ToRows(image, used, rows, count, spare);
                }
            }
        }
    }

    private void ToRows(float* image, int used, float** rows, int count, float* spare)
    {
        if (used == 8 && count == 8)
        {
            Transpose(image, size.Count, spare, 8);
            for (var i = 0; i < 8; i++)
            {
                Vector256.Load(spare + (8 * i)).Store(rows[i]);
            }

            return;
        }

        for (var i = 0; i < count; i++)
        {
            for (var lane = 0; lane < 8; lane++)
            {
                rows[i][lane] = lane < used ? image[((nint)lane * size.Count) + i] : 0;
            }
        }
    }

    private void FromRows(float** rows, int count, float* image, int used, float* spare)
    {
        if (used == 8 && count == 8)
        {
            for (var i = 0; i < 8; i++)
            {
                Vector256.Load(rows[i]).Store(spare + (8 * i));
            }

            Transpose(spare, 8, image, size.Count);
            return;
        }

        for (var lane = 0; lane < used; lane++)
        {
            for (var i = 0; i < count; i++)
            {
                image[((nint)lane * size.Count) + i] = rows[i][lane];
            }
        }
    }

    // target[column][row] = source[row][column], 8 x 8.
    private static void Transpose(float* source, nint sourceStride, float* target, nint targetStride)
    {
        for (var column = 0; column < 8; column += 4, source += 4, target += 4 * targetStride)
        {
            var (r0, r1) = (Pair(source, sourceStride, 0), Pair(source, sourceStride, 1));
            var (r2, r3) = (Pair(source, sourceStride, 2), Pair(source, sourceStride, 3));
            var (a, b) = (Halves.UnpackLow(r0, r1), Halves.UnpackHigh(r0, r1));
            var (c, d) = (Halves.UnpackLow(r2, r3), Halves.UnpackHigh(r2, r3));
            Halves.LowPairs(a, c).Store(target);
            Halves.HighPairs(a, c).Store(target + targetStride);
            Halves.LowPairs(b, d).Store(target + (2 * targetStride));
            Halves.HighPairs(b, d).Store(target + (3 * targetStride));
        }
    }

    // Four elements of row i below four of row i + 4.
    private static Vector256<float> Pair(float* source, nint stride, int i) =>
        Vector256.Create(Vector128.Load(source + (i * stride)), Vector128.Load(source + ((i + 4) * stride)));
}
