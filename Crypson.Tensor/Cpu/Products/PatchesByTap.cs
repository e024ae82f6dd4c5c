using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Crypson.Cpu.Products;

/// <summary>
/// The patches of a batch of images as an operand whose lanes are the taps of all channels (channel by channel) and
/// whose k runs over the positions of all images: the transpose of <see cref="PatchesByPosition"/>. The source lines
/// that one line of positions needs are first copied with their zero margins, so the gathering never tests a border.
/// </summary>
internal readonly unsafe struct PatchesByTap(float* images, PatchGeometry geometry) : IOperand
{
    private readonly float* images = images;

    // The part of a source line, margins included, that a line of positions reads.
    private int LineWidth =>
        (geometry.GridWidth - 1) * geometry.StrideWidth + (geometry.TapsWidth - 1) * geometry.StepWidth + 1;

    // Tables: per lane the offset in the copied lines; the number of lines; per line its channel and its tap row.
    public nint TableBytes(int width) =>
        (3 * (nint)width + 1) * sizeof(int) + (nint)width * LineWidth * sizeof(float);

    public void Prepare(int lane, int lanes, int width, void* table)
    {
        var offsets = (int*)table;
        var lines = offsets + width;
        var channels = lines + 1;
        var tapRows = channels + width;
        var lineCount = 0;
        for (var l = 0; l < width; l++)
        {
            if (l >= lanes)
            {
                offsets[l] = 0;
                continue;
            }

            var channel = (lane + l) / geometry.Taps;
            var tap = lane + l - channel * geometry.Taps;
            var tapRow = tap / geometry.TapsWidth;
            if (lineCount == 0 || channels[lineCount - 1] != channel || tapRows[lineCount - 1] != tapRow)
            {
                channels[lineCount] = channel;
                tapRows[lineCount] = tapRow;
                lineCount++;
            }

            offsets[l] = (lineCount - 1) * LineWidth + (tap - tapRow * geometry.TapsWidth) * geometry.StepWidth;
        }

        *lines = lineCount;
    }

    public void Pack(int lane, int lanes, int width, int k, int count, void* table, float* panel)
    {
        var offsets = (int*)table;
        var buffer = (float*)(offsets + 3 * width + 1);
        var image = k / geometry.Positions;
        var position = k - image * geometry.Positions;
        var y = position / geometry.GridWidth;
        var x = position - y * geometry.GridWidth;
        var quads = lanes == width && lane % 4 == 0 && width % 4 == 0 && geometry.TapsWidth % 4 == 0 && geometry.StepWidth == 1;
        while (count > 0)
        {
            CopyLines(image, y, width, offsets, buffer);
            var run = Math.Min(count, geometry.GridWidth - x);
            var source = buffer + x * geometry.StrideWidth;
            for (var i = 0; i < run; i++)
            {
                if (quads)
                {
                    GatherQuads(source, offsets, width, panel);
                }
                else
                {
                    Gather(source, offsets, width, panel);
                }

                source += geometry.StrideWidth;
                panel += width;
            }

            count -= run;
            x = 0;
            if (++y == geometry.GridHeight)
            {
                y = 0;
                image++;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gather(float* source, int* offsets, int width, float* panel)
    {
        for (var l = 0; l < width; l++)
        {
            panel[l] = source[offsets[l]];
        }
    }

    // Four taps of one row are neighbours both in the source and in the panel.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void GatherQuads(float* source, int* offsets, int width, float* panel)
    {
        for (var l = 0; l < width; l += 4)
        {
            Vector128.Load(source + offsets[l]).Store(panel + l);
        }
    }

    private void CopyLines(int image, int y, int width, int* offsets, float* buffer)
    {
        var lineCount = offsets[width];
        var channels = offsets + width + 1;
        var tapRows = channels + width;
        var lineWidth = LineWidth;
        var left = Math.Clamp(-geometry.StartWidth, 0, lineWidth);
        var first = Math.Max(geometry.StartWidth, 0);
        var used = Math.Clamp(geometry.Width - first, 0, lineWidth - left);
        for (var i = 0; i < lineCount; i++)
        {
            var line = buffer + (nint)i * lineWidth;
            var row = y * geometry.StrideHeight + geometry.StartHeight + tapRows[i] * geometry.StepHeight;
            if ((uint)row >= (uint)geometry.Height)
            {
                Fill(line, 0, lineWidth);
                continue;
            }

            var source = images + image * geometry.ImageSize + channels[i] * geometry.ChannelSize
                + (nint)row * geometry.Width + first;
            Fill(line, 0, left);
            var j = 0;
            for (; j <= used - 8; j += 8)
            {
                Vector256.Load(source + j).Store(line + left + j);
            }

            for (; j < used; j++)
            {
                line[left + j] = source[j];
            }

            Fill(line, left + used, lineWidth);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fill(float* line, int start, int end)
    {
        for (var j = start; j < end; j++)
        {
            line[j] = 0;
        }
    }
}
