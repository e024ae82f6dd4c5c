using System.Runtime.Intrinsics;

namespace Crypson.Cpu.Products;

/// <summary>
/// The patches of a batch of images [batch, channels, height, width] as an operand whose lanes are positions (all
/// images in one row) and whose k runs over channels and, within a channel, taps. Nothing is unrolled in memory: the
/// elements are gathered while they are packed.
/// </summary>
internal readonly unsafe struct PatchesByPosition(float* images, PatchGeometry geometry) : IOperand
{
    // Lanes that are moved together.
    private const int Group = 8;

    private readonly float* images = images;

    public nint TableBytes(int width) => geometry.Taps * TapBytes(width);

    public void Prepare(int lane, int lanes, int width, void* table)
    {
        var g = geometry;
        var rows = stackalloc int[width];
        var columns = stackalloc int[width];
        var bases = stackalloc nint[width];
        for (var l = 0; l < width; l++)
        {
            // Padding lanes repeat the last position and are masked out.
            var position = lane + Math.Min(l, lanes - 1);
            var image = position / g.Positions;
            position -= image * g.Positions;
            var y = position / g.GridWidth;
            rows[l] = y * g.StrideHeight + g.StartHeight;
            columns[l] = (position - y * g.GridWidth) * g.StrideWidth + g.StartWidth;
            bases[l] = image * g.ImageSize;
        }

        var line = (byte*)table;
        for (var ty = 0; ty < g.TapsHeight; ty++)
        {
            for (var tx = 0; tx < g.TapsWidth; tx++)
            {
                var offsets = (nint*)line;
                var masks = (int*)(offsets + width);
                var moves = (Move*)(masks + width);
                for (var l = 0; l < width; l++)
                {
                    var y = rows[l] + ty * g.StepHeight;
                    var x = columns[l] + tx * g.StepWidth;
                    masks[l] = l < lanes && (uint)y < (uint)g.Height && (uint)x < (uint)g.Width ? -1 : 0;
                    offsets[l] = bases[l] + (nint)y * g.Width + x;
                }

                for (var l = 0; l < width; l += Group)
                {
                    moves[l / Group] = Classify(offsets + l, masks + l);
                }

                line += TapBytes(width);
            }
        }
    }

    public void Pack(int lane, int lanes, int width, int k, int count, void* table, float* panel)
    {
        var taps = geometry.Taps;
        var tapBytes = TapBytes(width);
        var channelSize = geometry.ChannelSize;
        var total = geometry.Batch * geometry.ImageSize;
        var channel = (k / taps) * channelSize;
        var tap = k % taps;
        var line = (byte*)table + tap * tapBytes;
        for (; count > 0; count--)
        {
            var offsets = (nint*)line;
            var masks = (int*)(offsets + width);
            var moves = (Move*)(masks + width);
            var source = images + channel;
            for (var l = 0; l < width; l += Group)
            {
                switch (moves[l / Group])
                {
                    case Move.Zero:
                        Vector256<float>.Zero.Store(panel + l);
                        break;
                    case Move.Copy:
                        Vector256.Load(source + offsets[l]).Store(panel + l);
                        break;
                    case Move.CopyMasked when channel + offsets[l] >= 0 && channel + offsets[l] + Group <= total:
                        (Vector256.Load(source + offsets[l]) & Vector256.Load(masks + l).AsSingle()).Store(panel + l);
                        break;
                    case Move.CopyMasked:
                        for (var j = l; j < l + Group; j++)
                        {
                            panel[j] = masks[j] != 0 ? source[offsets[j]] : 0;
                        }

                        break;
                    default:
                        for (var j = l; j < l + Group; j++)
                        {
                            panel[j] = source[offsets[j]];
                        }

                        (Vector256.Load(panel + l) & Vector256.Load(masks + l).AsSingle()).Store(panel + l);
                        break;
                }
            }

            panel += width;
            line += tapBytes;
            if (++tap == taps)
            {
                tap = 0;
                line = (byte*)table;
                channel += channelSize;
            }
        }
    }

    private static nint TapBytes(int width) =>
        width * (sizeof(nint) + sizeof(int)) + (width / Group * sizeof(Move) + 31) / 32 * 32;

    // Finds the cheapest way to move a group, and points the masked lanes somewhere that may be read.
    private static Move Classify(nint* offsets, int* masks)
    {
        var used = 0;
        var some = 0;
        for (var j = 0; j < Group; j++)
        {
            if (masks[j] != 0)
            {
                some = j;
                used++;
            }
        }

        if (used == 0)
        {
            return Move.Zero;
        }

        var contiguous = true;
        for (var j = 0; j < Group; j++)
        {
            contiguous &= masks[j] == 0 || offsets[j] - j == offsets[some] - some;
        }

        if (contiguous)
        {
            for (var j = 0; j < Group; j++)
            {
                offsets[j] = offsets[some] - some + j;
            }

            return used == Group ? Move.Copy : Move.CopyMasked;
        }

        for (var j = 0; j < Group; j++)
        {
            offsets[j] = masks[j] != 0 ? offsets[j] : offsets[some];
        }

        return Move.Gather;
    }

    private enum Move
    {
        /// <summary>Every lane reads outside of its image.</summary>
        Zero,

        /// <summary>The lanes are neighbours in memory.</summary>
        Copy,

        /// <summary>Neighbours in memory, some of them outside of the image.</summary>
        CopyMasked,

        /// <summary>Anything else.</summary>
        Gather,
    }
}
