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

    // Runs of up to four taps of one line are neighbours in the line and in the panel and are moved with one vector.
    // It spills over the end of a shorter run, where the next one is written after it. That takes some spare room behind
    // the panel and the lines, and a panel of its own thread's: narrow panels lie next to those of other threads.
    private bool MovesRuns(int width) => width >= 8 && geometry.TapsWidth is > 1 and <= 4 && geometry.StepWidth == 1;

    public nint TableBytes(int width) =>
        sizeof(Header) + (4 * (nint)width + 2) * sizeof(int) + ((nint)width * LineWidth + 4) * sizeof(float);

    public void Prepare(int lane, int lanes, int width, void* table)
    {
        var t = new Tables(table, width);
        var lineCount = 0;
        var moveCount = 0;
        var byRun = MovesRuns(width);
        for (var l = 0; l < lanes; l++)
        {
            var channel = (lane + l) / geometry.Taps;
            var tap = lane + l - channel * geometry.Taps;
            var tapRow = tap / geometry.TapsWidth;
            var newLine = lineCount == 0 || t.Channels[lineCount - 1] != channel || t.TapRows[lineCount - 1] != tapRow;
            if (newLine)
            {
                t.Channels[lineCount] = channel;
                t.TapRows[lineCount] = tapRow;
                lineCount++;
            }

            if (newLine || !byRun)
            {
                t.Lanes[moveCount] = l;
                t.Offsets[moveCount] = (lineCount - 1) * LineWidth + (tap - tapRow * geometry.TapsWidth) * geometry.StepWidth;
                moveCount++;
            }
        }

        *t.Header = new Header { Lines = lineCount, Moves = moveCount };
    }

    public void Pack(int lane, int lanes, int width, int k, int count, void* table, float* panel)
    {
        var t = new Tables(table, width);
        var moves = t.Header->Moves;
        var byRun = MovesRuns(width);
        var image = k / geometry.Positions;
        var position = k - image * geometry.Positions;
        var y = position / geometry.GridWidth;
        var x = position - y * geometry.GridWidth;
        while (count > 0)
        {
            CopyLines(image, y, t);
            var run = Math.Min(count, geometry.GridWidth - x);
            var source = t.Buffer + x * geometry.StrideWidth;
            for (var i = 0; i < run; i++)
            {
                if (byRun)
                {
                    MoveRuns(source, t.Lanes, t.Offsets, moves, panel);
                }
                else
                {
                    MoveElements(source, t.Lanes, t.Offsets, moves, panel);
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
    private static void MoveElements(float* source, int* lanes, int* offsets, int moves, float* panel)
    {
        for (var j = 0; j < moves; j++)
        {
            panel[lanes[j]] = source[offsets[j]];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MoveRuns(float* source, int* lanes, int* offsets, int moves, float* panel)
    {
        for (var j = 0; j < moves; j++)
        {
            Vector128.Load(source + offsets[j]).Store(panel + lanes[j]);
        }
    }

    private void CopyLines(int image, int y, in Tables t)
    {
        var lineWidth = LineWidth;
        var left = Math.Clamp(-geometry.StartWidth, 0, lineWidth);
        var first = Math.Max(geometry.StartWidth, 0);
        var used = Math.Clamp(geometry.Width - first, 0, lineWidth - left);
        for (var i = 0; i < t.Header->Lines; i++)
        {
            var line = t.Buffer + (nint)i * lineWidth;
            var row = y * geometry.StrideHeight + geometry.StartHeight + t.TapRows[i] * geometry.StepHeight;
            if ((uint)row >= (uint)geometry.Height)
            {
                Fill(line, 0, lineWidth);
                continue;
            }

            var source = images + image * geometry.ImageSize + t.Channels[i] * geometry.ChannelSize
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

    private struct Header
    {
        /// <summary>Source lines that the panel's lanes read.</summary>
        public int Lines;

        /// <summary>Runs, or single elements, that are moved for each position.</summary>
        public int Moves;
    }

    // Where the parts of a table lie: each move's lane and its offset in the copied lines, each line's channel and tap
    // row, the copied lines.
    private readonly ref struct Tables(void* table, int width)
    {
        public readonly Header* Header = (Header*)table;
        public readonly int* Lanes = (int*)((Header*)table + 1);
        public readonly int* Offsets = (int*)((Header*)table + 1) + width;
        public readonly int* Channels = (int*)((Header*)table + 1) + 2 * width;
        public readonly int* TapRows = (int*)((Header*)table + 1) + 3 * width;
        public readonly float* Buffer = (float*)((Header*)table + 1) + 4 * width;
    }
}
