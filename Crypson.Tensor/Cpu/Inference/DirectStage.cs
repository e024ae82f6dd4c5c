using Crypson.Cpu.Products;

namespace Crypson.Cpu.Inference;

/// <summary>A stage as the plain sum over taps: each tap is a product over the channels of one position.</summary>
internal sealed unsafe class DirectStage<TMicro> : InferenceStage
    where TMicro : struct, IMicroKernel
{
    // A product over fewer channels and taps spends its time on loading and storing the tile.
    private const int LeastDepth = 16;
    private const int MostGathered = 512;

    // Groups of positions: enough that several threads are busy to the end.
    private const int MostPositionBlocks = 16;

    private readonly TapRun[][] runs;
    private readonly bool gathers;
    private readonly Tensor packed;
    private readonly StageResult result;

    public DirectStage(InferenceLayer layer)
        : base(layer)
    {
        var weights = new StageWeights(layer);
        result = new StageResult(layer, weights);
        runs = [.. Enumerable.Range(0, layer.Output.Positions).Select(Runs)];
        gathers = layer.Output.Channels > 1 && Depth <= MostGathered && runs.Any(position => position.Length > 1 && position.Any(run => run.Taps * layer.Input.Channels < LeastDepth));
        packed = PackedWeights((long)RowTiles * TMicro.Rows * Depth);
        Pack(weights);
    }

    private int Depth => Layer.Shape.Taps * Layer.Input.Channels;

    private int RowTiles => (Layer.Output.Channels + TMicro.Rows - 1) / TMicro.Rows;

    private int RowBlocks => Layer.Output.Positions == 1 ? (RowTiles + TilesPerGroup - 1) / TilesPerGroup : 1;

    private int PositionsPerGroup => (Layer.Output.Positions + MostPositionBlocks - 1) / MostPositionBlocks;

    public override int Groups => RowBlocks * ((Layer.Output.Positions + PositionsPerGroup - 1) / PositionsPerGroup);

    // The taps that reach an output position. Neighbours in the weight and in the image are one run.
    private TapRun[] Runs(int output)
    {
        List<TapRun> found = [];
        var (row, column) = (output / Layer.Output.Width, output % Layer.Output.Width);
        for (var tap = 0; tap < Layer.Shape.Taps; tap++)
        {
            var s = Layer.Shape;
            var y = Meet(row, tap / s.KernelWidth, s.StrideHeight, s.PaddingHeight, s.DilationHeight, Layer.Input.Height);
            var x = Meet(column, tap % s.KernelWidth, s.StrideWidth, s.PaddingWidth, s.DilationWidth, Layer.Input.Width);
            if (y < 0 || x < 0)
            {
                continue;
            }

            var position = (y * Layer.Input.Width) + x;
            if (found.Count > 0 && found[^1] is var last && last.FirstTap + last.Taps == tap && last.Position + last.Taps == position)
            {
                found[^1] = last with { Taps = last.Taps + 1 };
            }
            else
            {
                found.Add(new TapRun(tap, 1, position));
            }
        }

        return [.. found];
    }

    // The input's position that meets an output's at a tap; -1 if there is none.
    private int Meet(int output, int tap, int stride, int padding, int dilation, int size)
    {
        var position = Layer.Transposed ? output + padding - (tap * dilation) : (output * stride) - padding + (tap * dilation);
        if (Layer.Transposed)
        {
            position = position % stride == 0 ? position / stride : -1;
        }

        return position < size ? position : -1;
    }

    // [tile of rows][tap][channel of the input][row of the tile]
    private void Pack(StageWeights weights)
    {
        var target = packed.Floats;
        for (var tile = 0; tile < RowTiles; tile++)
        {
            for (var tap = 0; tap < Layer.Shape.Taps; tap++)
            {
                for (var channel = 0; channel < Layer.Input.Channels; channel++)
                {
                    for (var row = tile * TMicro.Rows; row < (tile + 1) * TMicro.Rows; row++)
                    {
                        *target++ = row < Layer.Output.Channels ? weights.At(row, channel, tap) : 0;
                    }
                }
            }
        }
    }

    public override void Execute(float* x, float* y, int group)
    {
        var (rowBlock, firstPosition) = (group % RowBlocks, group / RowBlocks * PositionsPerGroup);
        var (input, output) = (Layer.Input, Layer.Output);
        var firstRow = RowBlocks == 1 ? 0 : rowBlock * TilesPerGroup * TMicro.Rows;
        var rows = RowBlocks == 1 ? output.Channels : Math.Min(TilesPerGroup * TMicro.Rows, output.Channels - firstRow);
        var tileStride = (nint)Depth * TMicro.Rows;
        var left = packed.Floats + (firstRow * (nint)Depth);
        var factor = 1f;
        for (var position = firstPosition; position < Math.Min(firstPosition + PositionsPerGroup, output.Positions); position++)
        {
            var target = y + ((((nint)position * output.Channels) + firstRow) * TMicro.Columns);
            if (gathers)
            {
                RowProduct.Run<TMicro>(rows, Depth, left, tileStride, Gather(x, runs[position]), target, false);
            }
            else if (runs[position].Length == 0)
            {
                new Span<float>(target, rows * TMicro.Columns).Clear();
            }
            else
            {
                var add = false;
                foreach (var run in runs[position])
                {
                    RowProduct.Run<TMicro>(
                        rows, run.Taps * input.Channels, left + ((nint)run.FirstTap * input.Channels * TMicro.Rows), tileStride,
                        x + ((nint)run.Position * input.Channels * TMicro.Columns), target, add);
                    add = true;
                }
            }

            result.Write(&target, &factor, 1, target, position, firstRow, rows, TMicro.Columns);
        }
    }

    // All taps one after another, with zeros for those outside of the image.
    private float* Gather(float* x, TapRun[] found)
    {
        var size = Layer.Input.Channels * TMicro.Columns;
        var target = ThreadScratch.Current.Floats(ScratchSlot.Strip, (nint)Depth * TMicro.Columns);
        var tap = 0;
        foreach (var run in found)
        {
            new Span<float>(target + ((nint)tap * size), (run.FirstTap - tap) * size).Clear();
            new ReadOnlySpan<float>(x + ((nint)run.Position * size), run.Taps * size).CopyTo(new Span<float>(target + ((nint)run.FirstTap * size), run.Taps * size));
            tap = run.FirstTap + run.Taps;
        }

        new Span<float>(target + ((nint)tap * size), (Layer.Shape.Taps - tap) * size).Clear();
        return target;
    }

    private readonly record struct TapRun(int FirstTap, int Taps, int Position);
}
