using Crypson.Cpu.Products;
using Crypson.Cpu.Winograd;

namespace Crypson.Cpu.Inference;

/// <summary>
/// A stage of one or two taps per phase, with three products for four in each direction (see <see cref="WinogradAxis"/>).
/// With lanes innermost the sums before and after the products are sums of whole vectors.
/// </summary>
internal sealed unsafe class WinogradStage<TMicro> : InferenceStage
    where TMicro : struct, IMicroKernel
{
    private const int LeastGroups = 8;

    private readonly WinogradAxis vertical;
    private readonly WinogradAxis horizontal;
    private readonly Tensor packed;
    private readonly StageResult result;

    public WinogradStage(InferenceLayer layer)
        : base(layer)
    {
        var s = layer.Shape;
        var weights = new StageWeights(layer);
        result = new StageResult(layer, weights);
        vertical = Axis(layer, new(s.InHeight, s.OutHeight, s.KernelHeight, s.StrideHeight, s.PaddingHeight));
        horizontal = Axis(layer, new(s.InWidth, s.OutWidth, s.KernelWidth, s.StrideWidth, s.PaddingWidth));
        packed = PackedWeights((long)vertical.Left.Length * horizontal.Left.Length * CombinationSize);
        Pack(weights);
    }

    public override int Groups => Tiles * Parts * RowBlocks;

    private int RowTiles => (Layer.Output.Channels + TMicro.Rows - 1) / TMicro.Rows;

    private int Parts => vertical.Parts.Length * horizontal.Parts.Length;

    private int Tiles => vertical.Tiles * horizontal.Tiles;

    private nint TileStride => (nint)Layer.Input.Channels * TMicro.Rows;

    private nint CombinationSize => RowTiles * TileStride;

    // Every block of rows sums the combinations of the input anew, so there are no more than threads need.
    private int RowBlocks => (RowTiles + TilesPerBlock - 1) / TilesPerBlock;

    private int TilesPerBlock
    {
        get
        {
            var blocks = Math.Clamp((LeastGroups + (Tiles * Parts) - 1) / (Tiles * Parts), 1, (RowTiles + TilesPerGroup - 1) / TilesPerGroup);
            return (RowTiles + blocks - 1) / blocks;
        }
    }

    // The input's image without its values: it tells which places a combination sums.
    private Planes Places => new(null, 0, 0, 0, 0, Layer.Input.Height, Layer.Input.Width);

    /// <summary>Whether the layer has such phases, and enough channels that products outweigh sums.</summary>
    public static bool Suits(InferenceLayer layer)
    {
        var s = layer.Shape;
        return s.Taps > 1 && layer.Output.Positions > 1 && layer.Input.Positions > 1
            && WinogradAxis.Suits(s.KernelHeight, s.StrideHeight, s.DilationHeight) && WinogradAxis.Suits(s.KernelWidth, s.StrideWidth, s.DilationWidth)
            && Math.Min(layer.Input.Channels, layer.Output.Channels) >= 16
            && WinogradAxis.Saving(s.KernelHeight, s.StrideHeight) * WinogradAxis.Saving(s.KernelWidth, s.StrideWidth) < 0.8;
    }

    private static WinogradAxis Axis(InferenceLayer layer, WinogradAxis.Key key) =>
        layer.Transposed ? WinogradAxis.BackwardData(key) : WinogradAxis.Forward(key);

    // [combination][tile of rows][channel of the input][row of the tile]
    private void Pack(StageWeights weights)
    {
        var s = Layer.Shape;
        var taps = new Planes(null, 0, 0, 0, 0, s.KernelHeight, s.KernelWidth);
        var places = stackalloc int[4];
        var factors = stackalloc float[4];
        var target = packed.Floats;
        foreach (var y in vertical.Left)
        {
            foreach (var x in horizontal.Left)
            {
                var count = taps.Elements(y, 0, x, 0, places, factors);
                for (var tile = 0; tile < RowTiles; tile++)
                {
                    for (var channel = 0; channel < Layer.Input.Channels; channel++)
                    {
                        for (var row = tile * TMicro.Rows; row < (tile + 1) * TMicro.Rows; row++)
                        {
                            var sum = 0f;
                            for (var i = 0; i < count && row < Layer.Output.Channels; i++)
                            {
                                sum += weights.At(row, channel, places[i]) * factors[i];
                            }

                            *target++ = sum;
                        }
                    }
                }
            }
        }
    }

    public override void Execute(float* x, float* y, int group)
    {
        var tilesPerBlock = TilesPerBlock;
        var firstTile = group % RowBlocks * tilesPerBlock;
        group /= RowBlocks;
        var (down, across) = (vertical.Parts[group % Parts / horizontal.Parts.Length], horizontal.Parts[group % horizontal.Parts.Length]);
        var tile = group / Parts;
        var (top, leftmost) = (tile / horizontal.Tiles, tile % horizontal.Tiles);
        var firstRow = firstTile * TMicro.Rows;
        var rows = Math.Min(tilesPerBlock * TMicro.Rows, Layer.Output.Channels - firstRow);
        var scratch = ThreadScratch.Current;
        var components = scratch.Floats(ScratchSlot.Tiles, (nint)down.Components.Length * across.Components.Length * rows * TMicro.Columns);
        for (var i = 0; i < down.Components.Length; i++)
        {
            for (var j = 0; j < across.Components.Length; j++)
            {
                var target = components + (((i * across.Components.Length) + j) * (nint)rows * TMicro.Columns);
                Multiply(scratch, down.Components[i], across.Components[j], top * vertical.RightStep, leftmost * horizontal.RightStep, x, firstTile, rows, target);
            }
        }

        Write(down, across, components, top * vertical.OutputStep, leftmost * horizontal.OutputStep, y, firstRow, rows);
    }

    // One component: the sum of its products.
    private void Multiply(
        ThreadScratch scratch, WinogradTerm[] down, WinogradTerm[] across, int top, int leftmost, float* x, int firstTile, int rows, float* target)
    {
        var places = stackalloc int[4];
        var factors = stackalloc float[4];
        var size = Layer.Input.Channels * TMicro.Columns;
        var add = false;
        foreach (ref readonly var v in down.AsSpan())
        {
            foreach (ref readonly var h in across.AsSpan())
            {
                var count = Places.Elements(v.Right, top, h.Right, leftmost, places, factors);
                if (count == 0)
                {
                    continue;
                }

                var right = x + ((nint)places[0] * size);
                if (count > 1 || factors[0] != 1)
                {
                    var sum = scratch.Floats(ScratchSlot.Strip, size);
                    Sum(x, size, places, factors, count, sum);
                    right = sum;
                }

                var left = packed.Floats + (((v.Left * horizontal.Left.Length) + h.Left) * CombinationSize) + (firstTile * TileStride);
                RowProduct.Run<TMicro>(rows, Layer.Input.Channels, left, TileStride, right, target, add);
                add = true;
            }
        }

        if (!add)
        {
            new Span<float>(target, rows * TMicro.Columns).Clear();
        }
    }

    // Combinations of both directions have one, two or four places inside of an image.
    private static void Sum(float* x, int size, int* places, float* factors, int count, float* target)
    {
        var a = x + ((nint)places[0] * size);
        if (count == 1)
        {
            VectorSum.One(size, a, factors[0], target);
            return;
        }

        var b = x + ((nint)places[1] * size);
        if (count == 2)
        {
            VectorSum.Two(size, a, factors[0], b, factors[1], target);
            return;
        }

        VectorSum.Four(size, a, b, x + ((nint)places[2] * size), x + ((nint)places[3] * size), factors, target);
    }

    private void Write(WinogradPart down, WinogradPart across, float* components, int top, int leftmost, float* y, int firstRow, int rows)
    {
        var (output, size) = (Layer.Output, (nint)rows * TMicro.Columns);
        if (top + down.Outputs[^1].Offset < output.Height && leftmost + across.Outputs[^1].Offset < output.Width
            && ((down.IsTwoTaps && (across.IsTwoTaps || across.IsOneTap)) || (down.IsOneTap && across.IsTwoTaps)))
        {
            WriteTwoTaps(down, across, components, top, leftmost, y, firstRow, rows);
            return;
        }

        var sources = stackalloc float*[4];
        var factors = stackalloc float[4];
        var indices = stackalloc int[4];
        var grid = new Planes(null, 0, 0, 0, 0, down.Components.Length, across.Components.Length);
        foreach (ref readonly var v in down.Outputs.AsSpan())
        {
            foreach (ref readonly var h in across.Outputs.AsSpan())
            {
                var (row, column) = (top + v.Offset, leftmost + h.Offset);
                if (row >= output.Height || column >= output.Width)
                {
                    continue;
                }

                var count = grid.Elements(v.Of, 0, h.Of, 0, indices, factors);
                for (var i = 0; i < count; i++)
                {
                    sources[i] = components + (indices[i] * size);
                }

                var position = (row * output.Width) + column;
                result.Write(sources, factors, count, Target(y, position, firstRow), position, firstRow, rows, TMicro.Columns);
            }
        }
    }

    // Results that share their components are summed together: each is read once.
    private void WriteTwoTaps(WinogradPart down, WinogradPart across, float* components, int top, int leftmost, float* y, int firstRow, int rows)
    {
        var size = (nint)rows * TMicro.Columns;
        int Position(int v, int h) => ((top + down.Outputs[v].Offset) * Layer.Output.Width) + leftmost + across.Outputs[h].Offset;
        if (down.IsTwoTaps && across.IsTwoTaps)
        {
            var positions = stackalloc int[] { Position(0, 0), Position(0, 1), Position(1, 0), Position(1, 1) };
            result.WriteFour(components, size, y, positions, Layer.Output.Channels, firstRow, rows, TMicro.Columns);
            return;
        }

        for (var other = 0; other < 2; other++)
        {
            var (first, second) = down.IsTwoTaps ? (Position(0, other), Position(1, other)) : (Position(other, 0), Position(other, 1));
            var (start, step) = down.IsTwoTaps ? (other * size, 2 * size) : (other * 3 * size, size);
            result.WriteTwo(components + start, step, y, first, second, Layer.Output.Channels, firstRow, rows, TMicro.Columns);
        }
    }

    private float* Target(float* y, int position, int firstRow) => y + ((((nint)position * Layer.Output.Channels) + firstRow) * TMicro.Columns);
}
