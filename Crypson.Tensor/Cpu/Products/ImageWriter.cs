using System.Runtime.Intrinsics;

namespace Crypson.Cpu.Products;

/// <summary>
/// Writes to images [batch, channels, height, width]: rows of the product are channels, columns are the positions of a
/// grid, all images in one row. Grid position q lies at image position first + step * q. The bias, null or [channels],
/// is added.
/// </summary>
internal readonly unsafe struct ImageWriter(
    float* images, int channels, int height, int width, PhaseAxis vertical, PhaseAxis horizontal, float* bias) : ITileWriter
{
    private const int Group = 8;

    private readonly float* images = images;
    private readonly float* bias = bias;

    public void Locate(int column, int columns, nint* offsets)
    {
        var positions = vertical.Count * horizontal.Count;
        var image = column / positions;
        var position = column - image * positions;
        var y = position / horizontal.Count;
        var x = position - y * horizontal.Count;
        for (var j = 0; j < columns; j++)
        {
            offsets[j] = (nint)image * channels * height * width
                + (nint)(vertical.First + y * vertical.Step) * width + horizontal.First + x * horizontal.Step;
            if (++x == horizontal.Count)
            {
                x = 0;
                if (++y == vertical.Count)
                {
                    y = 0;
                    image++;
                }
            }
        }
    }

    public void Write(float* tile, int stride, int row, int rows, int column, int columns, nint* offsets, bool first)
    {
        for (var r = 0; r < rows; r++)
        {
            var plane = images + (nint)(row + r) * height * width;
            var shift = first && bias != null ? bias[row + r] : 0;
            var line = tile + r * stride;
            var j = 0;
            for (; j <= columns - Group; j += Group)
            {
                // Offsets grow, so that the ends are as far apart as the lanes only when all are neighbours.
                if (offsets[j + Group - 1] - offsets[j] == Group - 1)
                {
                    var value = Vector256.Load(line + j) + Vector256.Create(shift);
                    var target = plane + offsets[j];
                    (first ? value : value + Vector256.Load(target)).Store(target);
                }
                else
                {
                    WriteElements(line, plane, offsets, j, j + Group, shift, first);
                }
            }

            WriteElements(line, plane, offsets, j, columns, shift, first);
        }
    }

    private static void WriteElements(float* line, float* plane, nint* offsets, int start, int end, float shift, bool first)
    {
        for (var j = start; j < end; j++)
        {
            var value = line[j] + shift;
            plane[offsets[j]] = first ? value : plane[offsets[j]] + value;
        }
    }
}
