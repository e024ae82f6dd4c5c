using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Crypson.Cpu.Products;

/// <summary>
/// The patches of a batch of images [batch, channels, height, width] as an operand whose lanes are positions (all
/// images in one row) and whose k runs over channels and, within a channel, taps. Nothing is unrolled in memory: the
/// elements are gathered while they are packed.
/// </summary>
/// <remarks>
/// A tap moves every lane by the same distance, so one table of offsets serves all taps and channels; only the mask of
/// the lanes that fall into the margin is per tap. Offsets in the margin point outside of their row or image, and are
/// read only where that is still inside of the batch.
/// </remarks>
internal readonly unsafe struct PatchesByPosition(float* images, PatchGeometry geometry) : IOperand
{
    // Lanes that are copied together, and that are picked out of a window together.
    private const int CopyGroup = 8;
    private const int WindowGroup = 16;
    private const int Window = 64;

    // Channels that are asked for ahead: the lines of one lie far from those of the next.
    private const int PrefetchChannels = 8;

    private readonly float* images = images;

    public nint TableBytes(int width) => sizeof(Header) + (nint)(geometry.Taps + 2) * width * sizeof(int);

    public void Prepare(int lane, int lanes, int width, void* table)
    {
        var g = geometry;
        var header = (Header*)table;
        var offsets = (int*)(header + 1);
        var rows = stackalloc int[width];
        var columns = stackalloc int[width];
        var image = lane / g.Positions;
        var position = lane - image * g.Positions;
        var (y, x) = (position / g.GridWidth, position % g.GridWidth);
        header->Base = image * g.ImageSize;
        nint imageOffset = 0;
        for (var l = 0; l < width; l++)
        {
            rows[l] = y * g.StrideHeight + g.StartHeight;
            columns[l] = x * g.StrideWidth + g.StartWidth;
            offsets[l] = checked((int)(imageOffset + (nint)rows[l] * g.Width + columns[l]));
            if (l >= lanes - 1)
            {
                // Padding lanes follow the last position and are masked out.
                rows[l] = l >= lanes ? int.MinValue / 2 : rows[l];
                offsets[l] = l >= lanes ? offsets[lanes - 1] + l - lanes + 1 : offsets[l];
            }
            else if (++x == g.GridWidth)
            {
                x = 0;
                if (++y == g.GridHeight)
                {
                    y = 0;
                    imageOffset += g.ImageSize;
                }
            }
        }

        var masks = offsets + 2 * width;
        for (var ty = 0; ty < g.TapsHeight; ty++)
        {
            for (var tx = 0; tx < g.TapsWidth; tx++)
            {
                Mask(rows, columns, ty * g.StepHeight, tx * g.StepWidth, width, masks);
                masks += width;
            }
        }

        Classify(header, offsets, width);
    }

    public void Pack(int lane, int lanes, int width, int k, int count, void* table, float* panel)
    {
        var header = (Header*)table;
        var offsets = (int*)(header + 1);
        var indices = offsets + width;
        var taps = geometry.Taps;
        var tap = k % taps;
        var (tapRow, tapColumn) = (tap / geometry.TapsWidth, tap % geometry.TapsWidth);
        var channel = header->Base + k / taps * geometry.ChannelSize;
        var limit = geometry.Batch * geometry.ImageSize - header->End;
        for (; count > 0; count--)
        {
            var masks = indices + (tap + 1) * width;
            var start = channel + (nint)tapRow * geometry.StepHeight * geometry.Width + tapColumn * geometry.StepWidth;
            var move = start + header->Begin < 0 || start > limit ? Move.Gather : header->Move;
            switch (move)
            {
                case Move.Copy:
                    if (tap == 0)
                    {
                        Prefetch(images + start + PrefetchChannels * geometry.ChannelSize, offsets, width);
                    }

                    Copy(images + start, offsets, masks, width, panel);
                    break;
                case Move.Window:
                    Pick(images + start, offsets, indices, masks, width, panel);
                    break;
                default:
                    Gather(images + start, offsets, masks, width, panel);
                    break;
            }

            panel += width;
            tap++;
            if (++tapColumn == geometry.TapsWidth)
            {
                tapColumn = 0;
                if (++tapRow == geometry.TapsHeight)
                {
                    tapRow = 0;
                    tap = 0;
                    channel += geometry.ChannelSize;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(float* source, int* offsets, int* masks, int width, float* panel)
    {
        for (var l = 0; l < width; l += CopyGroup)
        {
            (Vector256.Load(source + offsets[l]) & Vector256.Load(masks + l).AsSingle()).Store(panel + l);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(float* source, int* offsets, int width)
    {
        for (var l = 0; l < width; l += 16)
        {
            MatrixPacker.Prefetch(source + offsets[l]);
        }
    }

    // Sixteen lanes out of 64 neighbours: each half of the window gives those lanes whose index lies in it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pick(float* source, int* offsets, int* indices, int* masks, int width, float* panel)
    {
        for (var l = 0; l < width; l += WindowGroup)
        {
            var window = source + offsets[l];
            var index = Vector512.Load(indices + l);
            var low = Avx512F.PermuteVar16x32x2(Vector512.Load(window), index, Vector512.Load(window + 16));
            var high = Avx512F.PermuteVar16x32x2(Vector512.Load(window + 32), index, Vector512.Load(window + 48));
            var value = Vector512.ConditionalSelect(Vector512.LessThan(index, Vector512.Create(32)).AsSingle(), low, high);
            (value & Vector512.Load(masks + l).AsSingle()).Store(panel + l);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gather(float* source, int* offsets, int* masks, int width, float* panel)
    {
        if (Avx2.IsSupported)
        {
            for (var l = 0; l < width; l += 8)
            {
                // Masked lanes are not read.
                Avx2.GatherMaskVector256(
                    Vector256<float>.Zero, source, Vector256.Load(offsets + l), Vector256.Load(masks + l).AsSingle(), sizeof(float)).Store(panel + l);
            }

            return;
        }

        for (var l = 0; l < width; l++)
        {
            panel[l] = masks[l] != 0 ? source[offsets[l]] : 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Mask(int* rows, int* columns, int moveRow, int moveColumn, int width, int* masks)
    {
        var height = Vector256.Create((uint)geometry.Height);
        var lineWidth = Vector256.Create((uint)geometry.Width);
        for (var l = 0; l < width; l += 8)
        {
            var row = (Vector256.Load(rows + l) + Vector256.Create(moveRow)).AsUInt32();
            var column = (Vector256.Load(columns + l) + Vector256.Create(moveColumn)).AsUInt32();
            (Vector256.LessThan(row, height) & Vector256.LessThan(column, lineWidth)).AsInt32().Store(masks + l);
        }
    }

    // Finds the cheapest way to move the lanes, and what it reads around a tap's start.
    private static void Classify(Header* header, int* offsets, int width)
    {
        var indices = offsets + width;
        var copy = true;
        var window = Avx512F.IsSupported && width % WindowGroup == 0;
        for (var l = 0; l < width; l++)
        {
            copy &= offsets[l] == offsets[l & -CopyGroup] + l % CopyGroup;
            indices[l] = offsets[l] - offsets[l & -WindowGroup];
            window &= (uint)indices[l] < Window;
        }

        header->Move = copy ? Move.Copy : window ? Move.Window : Move.Gather;
        var (group, length) = copy ? (CopyGroup, CopyGroup) : (WindowGroup, Window);
        header->Begin = offsets[0];
        header->End = offsets[0] + length;
        for (var l = group; l < width; l += group)
        {
            header->Begin = Math.Min(header->Begin, offsets[l]);
            header->End = Math.Max(header->End, offsets[l] + length);
        }
    }

    private enum Move
    {
        /// <summary>Eight lanes at a time are neighbours in memory.</summary>
        Copy,

        /// <summary>Sixteen lanes at a time lie among 64 neighbours (AVX-512 only).</summary>
        Window,

        /// <summary>Anything else: lane by lane.</summary>
        Gather,
    }

    // Followed by the lanes' offsets, their indices in a window, and each tap's masks.
    private struct Header
    {
        /// <summary>The first element of the first lane's image.</summary>
        public nint Base;

        /// <summary>The lowest offset that is read.</summary>
        public nint Begin;

        /// <summary>One past the highest offset that is read, for Copy and Window.</summary>
        public nint End;

        public Move Move;
    }
}
