using System.Runtime.Intrinsics;
using Crypson.Cpu.Products;

namespace Crypson.Cpu.Inference;

/// <summary>
/// A transposed stage of one or two taps per phase, with five products for eight in each direction (F(4, 2) by Toom and Cook with
/// the points 0, -1, 2, 1/2 and infinity): 25 for 64 where <see cref="WinogradStage{TMicro}"/> takes 36. Its rounding errors are
/// twice those of the plain sum, which training would feel more than inference.
/// </summary>
internal sealed unsafe class WideWinogradStage<TMicro> : InferenceStage
    where TMicro : struct, IMicroKernel
{
    // Positions of a phase that a tile has in each direction, and products of two taps.
    private const int Side = 4;
    private const int Points = 5;

    // Channels of the input at a time, and row tiles of a group: sums of the input and components of the result take
    // at most 400 KiB each and stay in the second-level cache.
    private const int Chunk = 64;
    private const int MostTiles = 11;

    // Floats between blocks: a cache line, so that they do not share sets of the cache.
    private const int Pad = 16;

    // Fewer rows than these do not pay for the sums.
    private const int LeastRows = 32;

    // [point][tap]: what a point sums of two taps.
    private static readonly double[] Left = [1, 0, -2 / 9.0, 2 / 9.0, 1 / 9.0, 2 / 9.0, -8 / 9.0, -4 / 9.0, 0, 1];

    private readonly PhaseAxis[] vertical;
    private readonly PhaseAxis[] horizontal;
    private readonly nint[] parts;
    private readonly Tensor packed;
    private readonly StageResult result;

    public WideWinogradStage(InferenceLayer layer)
        : base(layer)
    {
        var s = layer.Shape;
        vertical = Phases(s.InHeight, s.KernelHeight, s.StrideHeight, s.PaddingHeight);
        horizontal = Phases(s.InWidth, s.KernelWidth, s.StrideWidth, s.PaddingWidth);
        parts = new nint[vertical.Length * horizontal.Length];
        nint size = 0;
        for (var part = 0; part < parts.Length; part++)
        {
            parts[part] = size;
            size += Components(part) * ComponentSize;
        }

        packed = PackedWeights(size);
        var weights = new StageWeights(layer);
        result = new StageResult(layer, weights);
        for (var part = 0; part < parts.Length; part++)
        {
            Pack(weights, part);
        }
    }

    public override int Groups => Tiles(vertical) * Tiles(horizontal) * parts.Length * RowBlocks;

    private int RowTiles => (Layer.Output.Channels + TMicro.Rows - 1) / TMicro.Rows;

    private int RowBlocks => (RowTiles + MostTiles - 1) / MostTiles;

    private int TilesPerBlock => (RowTiles + RowBlocks - 1) / RowBlocks;

    private nint TileStride => (nint)Layer.Input.Channels * TMicro.Rows;

    private nint ComponentSize => RowTiles * TileStride;

    /// <summary>Whether the layer has such phases, enough rows, and images that fill the tiles.</summary>
    public static bool Suits(InferenceLayer layer)
    {
        var s = layer.Shape;
        return layer.Transposed && layer.Output.Channels >= LeastRows && WinogradStage<TMicro>.Suits(layer)
            && Share(s.InHeight, s.KernelHeight, s.StrideHeight) * Share(s.InWidth, s.KernelWidth, s.StrideWidth) < 0.9;
    }

    public override void Execute(float* x, float* y, int group)
    {
        var (block, part) = (group % RowBlocks, group / RowBlocks % parts.Length);
        var tile = group / RowBlocks / parts.Length;
        var firstTile = block * TilesPerBlock;
        var firstRow = firstTile * TMicro.Rows;
        var rows = Math.Min(TilesPerBlock * TMicro.Rows, Layer.Output.Channels - firstRow);
        var (down, across) = (vertical[part / horizontal.Length], horizontal[part % horizontal.Length]);
        var (top, leftmost) = (tile / Tiles(horizontal) * Side, tile % Tiles(horizontal) * Side);
        var scratch = ThreadScratch.Current;
        var count = Products(down) * Products(across);
        var stride = ((nint)rows * TMicro.Columns) + Pad;
        var components = scratch.Floats(ScratchSlot.Tiles, count * stride);
        var sources = stackalloc float*[Points * Points];
        for (var k = 0; k < Layer.Input.Channels; k += Chunk)
        {
            var depth = Math.Min(Chunk, Layer.Input.Channels - k);
            SumInput(scratch, down, across, top, leftmost, x, k, depth, sources);
            var left = packed.Floats + parts[part] + (firstTile * TileStride) + ((nint)k * TMicro.Rows);
            for (var i = 0; i < count; i++, left += ComponentSize)
            {
                RowProduct.Run<TMicro>(rows, depth, left, TileStride, sources[i], components + (i * stride), k > 0);
            }
        }

        Write(down, across, top, leftmost, components, y, firstRow, rows);
    }

    private static PhaseAxis[] Phases(int output, int kernel, int stride, int padding) =>
        [.. Enumerable.Range(0, Math.Min(stride, output)).Select(phase => PhaseAxis.Of(phase, output, kernel, stride, padding, 1))];

    private static int Products(in PhaseAxis phase) => phase.Taps == 2 ? Points : Side;

    private static int Tiles(PhaseAxis[] phases) => (phases[0].Count + Side - 1) / Side;

    // Products in one direction, per product of tiles of two positions.
    private static double Share(int output, int kernel, int stride)
    {
        var (wide, narrow) = (0, 0);
        foreach (var phase in Phases(output, kernel, stride, 0))
        {
            var two = kernel - phase.First > stride;
            wide += (phase.Count + Side - 1) / Side * (two ? Points : Side);
            narrow += (phase.Count + 1) / 2 * (two ? 3 : 2);
        }

        return (double)wide / narrow;
    }

    private int Components(int part) => Products(vertical[part / horizontal.Length]) * Products(horizontal[part % horizontal.Length]);

    // [component][tile of rows][channel of the input][row of the tile]; the sums of taps are made in double precision.
    private void Pack(StageWeights weights, int part)
    {
        var (down, across) = (vertical[part / horizontal.Length], horizontal[part % horizontal.Length]);
        var target = packed.Floats + parts[part];
        for (var i = 0; i < Products(down); i++)
        {
            for (var j = 0; j < Products(across); j++)
            {
                for (var tile = 0; tile < RowTiles; tile++)
                {
                    for (var channel = 0; channel < Layer.Input.Channels; channel++)
                    {
                        for (var row = tile * TMicro.Rows; row < (tile + 1) * TMicro.Rows; row++)
                        {
                            *target++ = row < Layer.Output.Channels ? (float)Weight(weights, down, across, row, channel, i, j) : 0;
                        }
                    }
                }
            }
        }
    }

    private double Weight(StageWeights weights, in PhaseAxis down, in PhaseAxis across, int row, int channel, int i, int j)
    {
        var sum = 0.0;
        for (var v = 0; v < down.Taps; v++)
        {
            for (var h = 0; h < across.Taps; h++)
            {
                var factor = Factor(down, i, v) * Factor(across, j, h);
                if (factor != 0)
                {
                    sum += factor * weights.At(row, channel, (Tap(down, v) * Layer.Shape.KernelWidth) + Tap(across, h));
                }
            }
        }

        return sum;

        static double Factor(in PhaseAxis phase, int point, int tap) => phase.Taps == 2 ? Left[(2 * point) + tap] : 1;

        // The later tap meets the earlier position.
        static int Tap(in PhaseAxis phase, int tap) => phase.FirstTap + ((phase.Taps - 1 - tap) * phase.TapStep);
    }

    // Where each component's right operand is: [depth][TMicro.Columns]. Positions of one tap are taken as they lie.
    private void SumInput(ThreadScratch scratch, in PhaseAxis down, in PhaseAxis across, int top, int leftmost, float* x, int k, int depth, float** sources)
    {
        var (height, width) = (Products(down), Products(across));
        var size = (nint)depth * TMicro.Columns;
        var stride = size + Pad;
        var sums = scratch.Floats(ScratchSlot.Strip, ((Points * Points) + 1) * stride);
        var zeros = sums + (Points * Points * stride);
        new Span<float>(zeros, (int)size).Clear();
        var (firstRow, firstColumn) = (top + down.Start - down.Taps + 1, leftmost + across.Start - across.Taps + 1);
        for (var i = 0; i < height; i++)
        {
            for (var j = 0; j < width; j++)
            {
                var (row, column) = (firstRow + i, firstColumn + j);
                var isInside = (uint)row < (uint)Layer.Input.Height && (uint)column < (uint)Layer.Input.Width;
                sources[(i * width) + j] = isInside
                    ? x + ((((((nint)row * Layer.Input.Width) + column) * Layer.Input.Channels) + k) * TMicro.Columns)
                    : zeros;
            }
        }

        for (var j = 0; j < width && down.Taps == 2; j++)
        {
            Spread(sources + j, width, sums + (j * stride), width * stride, size);
        }

        for (var i = 0; i < height && across.Taps == 2; i++)
        {
            Spread(sources + (i * width), 1, sums + (i * width * stride), stride, size);
        }
    }

    // Five sums of five sources, `step` apart; they may be written over the sources, which they become.
    private static void Spread(float** sources, int step, float* target, nint targetStep, nint size)
    {
        float* a = sources[0], b = sources[step], c = sources[2 * step], d = sources[3 * step], e = sources[4 * step];
        var (half, two, more, most) = (Vector256.Create(0.5f), Vector256.Create(-2f), Vector256.Create(-1.5f), Vector256.Create(-2.5f));
        for (nint i = 0; i < size; i += 8)
        {
            var (d0, d1, d2) = (Vector256.Load(a + i), Vector256.Load(b + i), Vector256.Load(c + i));
            var (d3, d4) = (Vector256.Load(d + i), Vector256.Load(e + i));
            var t = target + i;
            Vector256.MultiplyAddEstimate(d1 + d2, more, d0 + d3).Store(t);
            Vector256.MultiplyAddEstimate(d2, most, d1 + d3).Store(t + targetStep);
            Vector256.MultiplyAddEstimate(d2 - d1, half, d3).Store(t + (2 * targetStep));
            Vector256.MultiplyAddEstimate(d1, two, d3 - d2).Store(t + (3 * targetStep));
            Vector256.MultiplyAddEstimate(d2 + d3, more, d1 + d4).Store(t + (4 * targetStep));
        }

        for (var i = 0; i < Points; i++)
        {
            sources[i * step] = target + (i * targetStep);
        }
    }

    // components: [Products(down)][Products(across)] of rows x columns.
    private void Write(in PhaseAxis down, in PhaseAxis across, int top, int leftmost, float* components, float* y, int firstRow, int rows)
    {
        var width = Products(across);
        var size = (nint)rows * TMicro.Columns;
        var stride = size + Pad;
        for (var j = 0; j < width && down.Taps == 2; j++)
        {
            Gather(components + (j * stride), width * stride, size);
        }

        var output = Layer.Output;
        for (var i = 0; i < Side && top + i < down.Count; i++)
        {
            var line = components + (i * width * stride);
            if (across.Taps == 2)
            {
                Gather(line, stride, size);
            }

            for (var j = 0; j < Side && leftmost + j < across.Count; j++)
            {
                var position = ((down.First + ((top + i) * down.Step)) * output.Width) + across.First + ((leftmost + j) * across.Step);
                var source = line + (j * stride);
                var factor = 1f;
                result.Write(&source, &factor, 1, y + ((((nint)position * output.Channels) + firstRow) * TMicro.Columns), position, firstRow, rows, TMicro.Columns);
            }
        }
    }

    // Four results of five components, `step` apart, over the first four.
    private static void Gather(float* components, nint step, nint size)
    {
        var (two, half, four, quarter) = (Vector256.Create(2f), Vector256.Create(0.5f), Vector256.Create(4f), Vector256.Create(0.25f));
        var (eight, eighth) = (Vector256.Create(8f), Vector256.Create(0.125f));
        for (var m = components; m < components + size; m += 8)
        {
            var (m0, m1, m2) = (Vector256.Load(m), Vector256.Load(m + step), Vector256.Load(m + (2 * step)));
            var (m3, m4) = (Vector256.Load(m + (3 * step)), Vector256.Load(m + (4 * step)));
            (m0 + m1 + (m2 + m3)).Store(m);
            Vector256.MultiplyAddEstimate(m3, half, Vector256.MultiplyAddEstimate(m2, two, -m1)).Store(m + step);
            Vector256.MultiplyAddEstimate(m3, quarter, Vector256.MultiplyAddEstimate(m2, four, m1)).Store(m + (2 * step));
            Vector256.MultiplyAddEstimate(m3, eighth, Vector256.MultiplyAddEstimate(m2, eight, m4 - m1)).Store(m + (3 * step));
        }
    }
}
