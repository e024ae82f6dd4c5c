using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Crypson.Cpu.Winograd;

namespace Crypson.Cpu.Products;

/// <summary>
/// dWeight of few input channels, where Winograd's sums would cost more than the products they save. A part is some images:
/// they are brought into panels once, such that each tap's operand for a line of results is a run of them, and multiplied
/// while they are in the cache. The parts' sums are added up from the first to the last.
/// </summary>
internal static unsafe class WeightGradientByTap
{
    // Images that are multiplied together: enough depth for the micro-kernel, few enough for the second-level cache.
    private const int Images = 16;
    private const int MostParts = 8;

    /// <summary>Computes dWeight; false if this way does not suit the shape or the processor.</summary>
    public static bool TryRun(in ConvolutionShape s, float* x, float* dy, float* dWeight)
    {
        // The input's channels are rows, the output's columns.
        if (s.StrideWidth > 2 || s.DilationWidth != 1 || s.InChannels is < 16 or >= 48 || s.OutChannels % 64 != 0 || s.Batch < Images / 2)
        {
            return false;
        }

        if (Vector512.IsHardwareAccelerated)
        {
            Run<MicroKernel512>(s, x, dy, dWeight);
        }
        else if (Avx2.IsSupported && Fma.IsSupported)
        {
            Run<MicroKernel256>(s, x, dy, dWeight);
        }
        else
        {
            return false;
        }

        return true;
    }

    private static void Run<TMicro>(in ConvolutionShape s, float* x, float* dy, float* dWeight)
        where TMicro : struct, IMicroKernel
    {
        var chunks = (s.Batch + Images - 1) / Images;
        var parts = Math.Min(MostParts, chunks);
        var sums = ThreadScratch.Current.Floats(ScratchSlot.Partials, (nint)parts * s.Taps * s.InChannels * s.OutChannels);
        Workers.Run(new PartKernel<TMicro>(s, x, dy, sums, chunks, parts), parts);
        Workers.Run(new JoinKernel<TMicro>(s, sums, dWeight, parts), s.OutChannels / Vector256<float>.Count);
    }

    // sums[part][tap][panel of output channels][input channel][output channel of the panel]
    private readonly struct PartKernel<TMicro>(ConvolutionShape s, float* x, float* dy, float* sums, int chunks, int parts) : IKernel
        where TMicro : struct, IMicroKernel
    {
        private const int Lanes = TakeApart.Lanes;

        private readonly float* x = x;
        private readonly float* dy = dy;
        private readonly float* sums = sums;

        private int Tiles => (s.InChannels + TMicro.Rows - 1) / TMicro.Rows;

        private int Panels => s.OutChannels / TMicro.Columns;

        // Every phase of a line has as many places as the longest.
        private int PhaseWidth => (s.InWidth + s.StrideWidth - 1) / s.StrideWidth;

        public void Execute(int part)
        {
            var scratch = ThreadScratch.Current;
            var target = sums + ((nint)part * s.Taps * s.InChannels * s.OutChannels);
            var (begin, end) = (chunks * part / parts, chunks * (part + 1) / parts);
            for (var chunk = begin; chunk < end; chunk++)
            {
                var first = chunk * Images;
                var count = Math.Min(Images, s.Batch - first);
                var tileSize = (nint)s.InHeight * s.StrideWidth * PhaseWidth * count * TMicro.Rows;
                var rows = scratch.Floats(ScratchSlot.Table, (Tiles * tileSize) + Lanes);
                var panelSize = (nint)s.OutPositions * count * TMicro.Columns;
                var columns = scratch.Floats(ScratchSlot.Strip, Panels * panelSize);
                PackRows(first, count, rows, tileSize);
                PackColumns(first, count, columns, panelSize);
                Multiply(count, rows, tileSize, columns, panelSize, target, chunk > begin);
            }
        }

        // [tile][line][phase][place][image][row]
        private void PackRows(int first, int count, float* target, nint tileSize)
        {
            var plane = (nint)s.InHeight * s.InWidth;
            var place = (nint)count * TMicro.Rows;
            var phase = PhaseWidth * place;
            var (next, second) = s.StrideWidth == 2 ? (phase, place) : (place, 2 * place);
            for (var tile = 0; tile < Tiles; tile++)
            {
                var channel = tile * TMicro.Rows;
                var rows = Math.Min(TMicro.Rows, s.InChannels - channel);
                for (var image = 0; image < count; image++)
                {
                    var source = x + ((((nint)(first + image) * s.InChannels) + channel) * plane);
                    var to = target + (tile * tileSize) + (image * TMicro.Rows);
                    for (var y = 0; y < s.InHeight; y++, source += s.InWidth, to += s.StrideWidth * phase)
                    {
                        Transposition.FromRows(source, plane, rows, s.InWidth, to, next, second, image == count - 1);
                    }
                }
            }
        }

        // [panel][position][image][column]
        private void PackColumns(int first, int count, float* target, nint panelSize)
        {
            for (var image = 0; image < count; image++)
            {
                for (var channel = 0; channel < s.OutChannels; channel += Lanes)
                {
                    var source = dy + ((((nint)(first + image) * s.OutChannels) + channel) * s.OutPositions);
                    var to = target + (channel / TMicro.Columns * panelSize) + (image * TMicro.Columns) + (channel % TMicro.Columns);
                    Transposition.FromLanes(source, s.OutPositions, Lanes, s.OutPositions, to, (nint)count * TMicro.Columns);
                }
            }
        }

        private void Multiply(int count, float* rows, nint tileSize, float* columns, nint panelSize, float* target, bool add)
        {
            var place = (nint)count * TMicro.Rows;
            var size = s.InChannels * TMicro.Columns;
            if (!add)
            {
                // A tap that meets no result stays zero.
                new Span<float>(target, s.Taps * Panels * size).Clear();
            }

            for (var line = 0; line < s.OutHeight; line++)
            {
                for (var tap = 0; tap < s.Taps; tap++)
                {
                    var y = (line * s.StrideHeight) - s.PaddingHeight + (tap / s.KernelWidth * s.DilationHeight);
                    var (begin, end, start) = Meeting(tap % s.KernelWidth);
                    if ((uint)y >= (uint)s.InHeight || begin >= end)
                    {
                        continue;
                    }

                    var left = rows + ((((nint)y * s.StrideWidth * PhaseWidth) + start) * place);
                    for (var panel = 0; panel < Panels; panel++)
                    {
                        var right = columns + (panel * panelSize) + (((nint)(line * s.OutWidth) + begin) * count * TMicro.Columns);
                        RowProduct.Run<TMicro>(
                            s.InChannels, (end - begin) * count, left, tileSize, right, target + (((tap * Panels) + panel) * (nint)size), true);
                    }
                }
            }
        }

        // The results of a line that a tap meets inside of the image, and the place, by phase, of the first.
        private (int Begin, int End, int Start) Meeting(int tap)
        {
            var begin = Math.Max(0, (s.PaddingWidth - tap + s.StrideWidth - 1) / s.StrideWidth);
            var end = Math.Min(s.OutWidth, (s.InWidth - 1 + s.PaddingWidth - tap + s.StrideWidth) / s.StrideWidth);
            var column = (begin * s.StrideWidth) - s.PaddingWidth + tap;
            return (begin, end, (column % s.StrideWidth * PhaseWidth) + (column / s.StrideWidth));
        }
    }

    // A group is eight output channels.
    private readonly struct JoinKernel<TMicro>(ConvolutionShape s, float* sums, float* dWeight, int parts) : IKernel
        where TMicro : struct, IMicroKernel
    {
        private readonly float* sums = sums;
        private readonly float* dWeight = dWeight;

        public void Execute(int group)
        {
            var first = group * Vector256<float>.Count;
            var (panel, column) = (first / TMicro.Columns, first % TMicro.Columns);
            var panels = s.OutChannels / TMicro.Columns;
            var partSize = (nint)s.Taps * s.InChannels * s.OutChannels;
            for (var tap = 0; tap < s.Taps; tap++)
            {
                var source = sums + ((((tap * panels) + panel) * (nint)s.InChannels) * TMicro.Columns) + column;
                for (var channel = 0; channel < s.InChannels; channel++, source += TMicro.Columns)
                {
                    var sum = Vector256.Load(source);
                    for (var part = 1; part < parts; part++)
                    {
                        sum += Vector256.Load(source + (part * partSize));
                    }

                    for (var i = 0; i < Vector256<float>.Count; i++)
                    {
                        dWeight[(((((nint)first + i) * s.InChannels) + channel) * s.Taps) + tap] = sum[i];
                    }
                }
            }
        }
    }
}
