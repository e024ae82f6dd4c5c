using System.Collections.Concurrent;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Crypson.Cpu.Products;

namespace Crypson.Cpu.Winograd;

/// <summary>
/// Convolutions with one or two taps per phase (as a kernel of 4 or 3 with stride 2), and their gradients, with three
/// products instead of four for two taps in each direction (see <see cref="WinogradAxis"/>).
/// </summary>
internal static unsafe class WinogradConvolution
{
    // Rows of a job: many enough to make packing its strip cheap.
    private const int BlockRows = 128;

    // Fewer rows do not pay for packing, but enough jobs keep several threads busy to the end.
    private const int LeastRows = 48;
    private const int Jobs = 8;

    // What may be packed at once: 256 MiB of the left operand's combinations, or of a batch taken apart.
    private const nint MaxPacked = 1 << 26;

    private static readonly ConcurrentDictionary<(Pass, WinogradAxis.Key), WinogradAxis> Axes = [];

    private enum Pass
    {
        Forward,
        BackwardData,
        BackwardWeight,
        BackwardWeightInputLeft,
    }

    /// <summary>y = convolution of x with weight, plus bias; false if this way does not suit the shape.</summary>
    public static bool TryForward(in ConvolutionShape s, float* x, float* weight, float* bias, float* y)
    {
        if (!Suits(s, s.Batch, TakeApart.Lanes))
        {
            return false;
        }

        var left = new Planes(weight, s.OutChannels, s.PatchSize, s.InChannels, s.Taps, s.KernelHeight, s.KernelWidth);
        return TryRun(s, Pass.Forward, left, Images(x, s.Batch, s.InChannels, s.InHeight, s.InWidth, false),
            new TileOutputs(
                y, s.OutChannels, s.OutPositions, s.Batch, (nint)s.OutChannels * s.OutPositions, s.OutHeight, s.OutWidth, bias));
    }

    /// <summary>dx = gradient with respect to x, plus bias; false if this way does not suit the shape.</summary>
    public static bool TryBackwardData(in ConvolutionShape s, float* dy, float* weight, float* bias, float* dx)
    {
        if (!Suits(s, s.Batch, TakeApart.Lanes))
        {
            return false;
        }

        var left = new Planes(weight, s.InChannels, s.Taps, s.OutChannels, s.PatchSize, s.KernelHeight, s.KernelWidth);
        var positions = (nint)s.InHeight * s.InWidth;
        return TryRun(s, Pass.BackwardData, left, Images(dy, s.Batch, s.OutChannels, s.OutHeight, s.OutWidth, false),
            new TileOutputs(dx, s.InChannels, positions, s.Batch, s.InChannels * positions, s.InHeight, s.InWidth, bias));
    }

    /// <summary>dWeight = gradient with respect to the weight; false if this way does not suit the shape.</summary>
    public static bool TryBackwardWeight(in ConvolutionShape s, float* x, float* dy, float* dWeight)
    {
        // Columns are the channels of one side: fewer of them than a strip has would leave it empty.
        var exchange = Waste(s.OutChannels, ProductPlan.StripColumns) < Waste(s.InChannels, ProductPlan.StripColumns);
        if (!Suits(s, exchange ? s.OutChannels : s.InChannels, ProductPlan.StripColumns))
        {
            return false;
        }

        var image = Images(x, s.Batch, s.InChannels, s.InHeight, s.InWidth, true);
        var result = Images(dy, s.Batch, s.OutChannels, s.OutHeight, s.OutWidth, true);
        return exchange
            ? TryRun(s, Pass.BackwardWeightInputLeft, image, result, new TileOutputs(
                dWeight, s.InChannels, s.Taps, s.OutChannels, s.PatchSize, s.KernelHeight, s.KernelWidth, null))
            : TryRun(s, Pass.BackwardWeight, result, image, new TileOutputs(
                dWeight, s.OutChannels, s.PatchSize, s.InChannels, s.Taps, s.KernelHeight, s.KernelWidth, null));
    }

    private static Planes Images(float* data, int batch, int channels, int height, int width, bool channelsAreLanes)
    {
        var size = (nint)height * width;
        return channelsAreLanes
            ? new Planes(data, channels, size, batch, channels * size, height, width)
            : new Planes(data, batch, channels * size, channels, size, height, width);
    }

    private static double Waste(int count, int multiple) => (count + multiple - 1) / multiple * multiple / (double)count;

    private static bool Suits(in ConvolutionShape s, int lanes, int multiple) =>
        WinogradAxis.Suits(s.KernelHeight, s.StrideHeight, s.DilationHeight) && WinogradAxis.Suits(s.KernelWidth, s.StrideWidth, s.DilationWidth)
        && Math.Min(s.Batch, Math.Min(s.InChannels, s.OutChannels)) >= 16
        && Waste(lanes, multiple) * WinogradAxis.Saving(s.KernelHeight, s.StrideHeight) * WinogradAxis.Saving(s.KernelWidth, s.StrideWidth) < 0.8;

    // An axis is worked out once: there are as many as layers.
    private static WinogradAxis Axis(Pass pass, in WinogradAxis.Key key)
    {
        if (!Axes.TryGetValue((pass, key), out var axis))
        {
            axis = pass switch
            {
                Pass.Forward => WinogradAxis.Forward(key),
                Pass.BackwardData => WinogradAxis.BackwardData(key),
                _ => WinogradAxis.BackwardWeight(key, pass == Pass.BackwardWeightInputLeft),
            };
            Axes[(pass, key)] = axis;
        }

        return axis;
    }

    private static bool TryRun(in ConvolutionShape s, Pass pass, in Planes left, in Planes right, in TileOutputs outputs)
    {
        var vertical = Axis(pass, new(s.InHeight, s.OutHeight, s.KernelHeight, s.StrideHeight, s.PaddingHeight));
        var horizontal = Axis(pass, new(s.InWidth, s.OutWidth, s.KernelWidth, s.StrideWidth, s.PaddingWidth));
        if (Vector512.IsHardwareAccelerated)
        {
            return TryRun<MicroKernel512>(vertical, horizontal, left, right, outputs);
        }

        return Avx2.IsSupported && Fma.IsSupported
            ? TryRun<MicroKernel256>(vertical, horizontal, left, right, outputs)
            : TryRun<MicroKernel128>(vertical, horizontal, left, right, outputs);
    }

    private static bool TryRun<TMicro>(WinogradAxis vertical, WinogradAxis horizontal, in Planes left, in Planes right, in TileOutputs outputs)
        where TMicro : struct, IMicroKernel
    {
        var (leftPlanes, rightPlanes, results) = (left, right, outputs);
        var tiles = vertical.OutputStep > 0 ? 1 : vertical.Tiles * horizontal.Tiles;
        var rowTiles = (outputs.Rows + TMicro.Rows - 1) / TMicro.Rows;
        var packedSize = (nint)vertical.Left.Length * horizontal.Left.Length * rowTiles * tiles * left.Depth * TMicro.Rows;
        var takeApart = new TakeApart(right, null);
        if (Math.Max(packedSize, takeApart.Count) > MaxPacked)
        {
            return false;
        }

        var scratch = ThreadScratch.Current;
        var apart = scratch.Floats(ScratchSlot.Apart, takeApart.Count);
        takeApart = new TakeApart(right, apart);
        Workers.Run(takeApart, takeApart.Groups);

        float* packed = null;
        var kernel = Kernel(rowTiles, 1, null);
        var blocks = Math.Clamp(Jobs / kernel.Groups, Math.Max(1, (outputs.Rows + (BlockRows / 2)) / BlockRows), Math.Max(1, outputs.Rows / LeastRows));
        var tilesPerBlock = (rowTiles + blocks - 1) / blocks;
        kernel = Kernel(tilesPerBlock, 1, null);
        var units = kernel.Units;
        if (!kernel.UsesLeftOnce)
        {
            packed = scratch.Floats(ScratchSlot.PackedRows, packedSize);
            var packLeft = new PackLeftCombinations<TMicro>(left, vertical, horizontal, tiles, packed);
            Workers.Run(packLeft, packLeft.Groups);
            kernel = Kernel(tilesPerBlock, 1, null);
            units = tiles;
        }

        // Tiles that add up can be shared out too.
        var splits = kernel.Groups >= Jobs ? 1 : Math.Min(units, (Jobs + kernel.Groups - 1) / kernel.Groups);
        if (splits > 1)
        {
            kernel = Kernel(tilesPerBlock, splits, null);
            kernel = Kernel(tilesPerBlock, splits, scratch.Floats(ScratchSlot.Partials, kernel.PartialsCount));
        }

        Workers.Run(kernel, kernel.Groups);
        if (splits > 1)
        {
            Workers.Run(new SumSplits<TMicro>(kernel), kernel.SumGroups);
        }

        return true;

        WinogradKernel<TMicro> Kernel(int tilesPerBlock, int splits, float* partials) =>
            new(
                vertical, horizontal, new PackLeftCombinations<TMicro>(leftPlanes, vertical, horizontal, tiles, null), rightPlanes, takeApart, apart,
                packed, results, tilesPerBlock, splits, partials);
    }
}
