using System.Runtime.Intrinsics;
using Crypson.Cpu.Products;

namespace Crypson.Cpu.Winograd;

/// <summary>
/// Sums results of 16 lanes from the components of a tile and takes them to their places. The results of neighbouring
/// tiles wait for one another in scratch memory, so that as long a run of a lane as there is goes to memory at once.
/// </summary>
internal unsafe ref struct TileWriter
{
    private const int Lanes = TakeApart.Lanes;

    private readonly ReadOnlySpan<WinogradOutput> down;
    private readonly ReadOnlySpan<WinogradOutput> across;
    private readonly TileOutputs outputs;
    private readonly float* components;
    private readonly nint componentSize;

    // Floats from lanes 0 to 7 to lanes 8 to 15.
    private readonly nint half;
    private readonly int width;
    private readonly float* sums;
    private readonly float* waiting;

    /// <param name="down">Vertical results of a tile.</param>
    /// <param name="horizontal">Horizontal ones and their components.</param>
    /// <param name="components">[vertical component, horizontal component], each of <paramref name="componentSize"/>.</param>
    /// <param name="scratch"><see cref="ScratchSize"/> floats, aligned: a vector across two cache lines is not forwarded to the load after it.</param>
    public TileWriter(
        ReadOnlySpan<WinogradOutput> down, WinogradPart horizontal, in TileOutputs outputs, float* components, nint componentSize, nint half,
        float* scratch)
    {
        this.down = down;
        this.outputs = outputs;
        this.components = components;
        this.componentSize = componentSize;
        this.half = half;
        across = horizontal.Outputs;
        width = horizontal.Components.Length;

        // A second element that is not there is the zero behind the others.
        sums = scratch;
        waiting = scratch + ((width + 1) * Lanes);
        new Span<float>(sums + (width * Lanes), Lanes).Clear();
    }

    /// <summary>Floats of scratch memory for runs of at most <paramref name="tiles"/> tiles.</summary>
    public static int ScratchSize(ReadOnlySpan<WinogradOutput> down, WinogradPart horizontal, int tiles) =>
        Lanes * (horizontal.Components.Length + 1 + (down.Length * horizontal.Outputs.Length * tiles));

    /// <summary>
    /// Writes the results of <paramref name="tiles"/> neighbours in a line, whose components begin at offset
    /// <paramref name="source"/> and lie <paramref name="tileStride"/> apart.
    /// </summary>
    public readonly void Write(nint source, nint tileStride, int tiles, int row, int lane, int top, int left)
    {
        var lanes = Math.Min(Lanes, outputs.Lanes - lane);
        if (lanes <= 0)
        {
            return;
        }

        var leftmost = left + across[0].Offset;
        var run = Math.Min(tiles * across.Length, outputs.Width - leftmost);
        var bias = outputs.Bias(row);
        var target = outputs.At(row, lane) + leftmost;
        var lines = waiting;
        foreach (ref readonly var output in down)
        {
            var y = top + output.Offset;
            if (y >= outputs.Height)
            {
                continue;
            }

            // Lanes are as far apart as images: the processor does not guess where the next row's lines are.
            var next = outputs.At(row + 1, lane) + leftmost + ((nint)y * outputs.Width);
            for (var i = 0; i < lanes && outputs.BeginsLine(next); i++)
            {
                MatrixPacker.Prefetch(next + (i * outputs.LaneStride));
            }

            for (var tile = 0; tile < tiles; tile++)
            {
                if (Vector512.IsHardwareAccelerated)
                {
                    Sum512(output.Of, components + source + (tile * tileStride), bias, lines + (tile * across.Length * Lanes));
                }
                else
                {
                    Sum256(output.Of, components + source + (tile * tileStride), bias, lines + (tile * across.Length * Lanes));
                    Sum256(output.Of, components + source + (tile * tileStride) + half, bias, lines + (tile * across.Length * Lanes) + 8);
                }
            }

            // Whole lines one below the other are one run.
            if (run == outputs.Width && lines == waiting && down.Length == 2 && y + 1 < outputs.Height && down[1].Offset == down[0].Offset + 1)
            {
                lines += run * Lanes;
                continue;
            }

            var first = (int)((lines - waiting) / (Lanes * run));
            Transposition.ToLanes(waiting, run * (first + 1), lanes, target + ((nint)(y - first) * outputs.Width), outputs.LaneStride);
            lines = waiting;
        }
    }

    private readonly void Sum512(in Combination of, float* source, float bias, float* target)
    {
        var size = componentSize;
        var upper = source + (of.First * width * size);
        var lower = source + (of.Second * width * size);
        var (first, second) = (Vector512.Create(of.FirstFactor), Vector512.Create(of.SecondFactor));
        if (of.SecondFactor == 0)
        {
            for (var x = 0; x < width; x++, upper += size)
            {
                (Vector512.Load(upper) * first).Store(sums + (x * Lanes));
            }
        }
        else
        {
            for (var x = 0; x < width; x++, upper += size, lower += size)
            {
                Vector512.MultiplyAddEstimate(Vector512.Load(upper), first, Vector512.Load(lower) * second).Store(sums + (x * Lanes));
            }
        }

        var shift = Vector512.Create(bias);
        foreach (ref readonly var output in across)
        {
            var sum = output.Of;
            var other = Vector512.Load(sums + ((sum.SecondFactor == 0 ? width : sum.Second) * Lanes));
            var both = Vector512.MultiplyAddEstimate(
                Vector512.Load(sums + (sum.First * Lanes)), Vector512.Create(sum.FirstFactor), other * Vector512.Create(sum.SecondFactor));
            (both + shift).Store(target);
            target += Lanes;
        }
    }

    private readonly void Sum256(in Combination of, float* source, float bias, float* target)
    {
        var size = componentSize;
        var upper = source + (of.First * width * size);
        var lower = source + (of.Second * width * size);
        var (first, second) = (Vector256.Create(of.FirstFactor), Vector256.Create(of.SecondFactor));
        if (of.SecondFactor == 0)
        {
            for (var x = 0; x < width; x++, upper += size)
            {
                (Vector256.Load(upper) * first).Store(sums + (x * Lanes));
            }
        }
        else
        {
            for (var x = 0; x < width; x++, upper += size, lower += size)
            {
                ((Vector256.Load(upper) * first) + (Vector256.Load(lower) * second)).Store(sums + (x * Lanes));
            }
        }

        var shift = Vector256.Create(bias);
        foreach (ref readonly var output in across)
        {
            var sum = output.Of;
            var other = Vector256.Load(sums + ((sum.SecondFactor == 0 ? width : sum.Second) * Lanes));
            var both = (Vector256.Load(sums + (sum.First * Lanes)) * sum.FirstFactor) + (other * sum.SecondFactor);
            (both + shift).Store(target);
            target += Lanes;
        }
    }
}
