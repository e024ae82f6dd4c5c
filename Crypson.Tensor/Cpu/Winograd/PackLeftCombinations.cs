using Crypson.Cpu.Products;

namespace Crypson.Cpu.Winograd;

/// <summary>
/// Packs every combination of the left operand for the micro-kernel: [combination][panel of rows][tile][k][row]. A group
/// does one panel and 16 of k: it takes the planes apart into the first-level cache, and sums runs of them.
/// </summary>
internal readonly unsafe struct PackLeftCombinations<TMicro>(Planes planes, WinogradAxis vertical, WinogradAxis horizontal, int tiles, float* packed) : IKernel
    where TMicro : struct, IMicroKernel
{
    private const int Block = 16;

    // A cache line between places: whole vectors of rows are stored, and what is too much of the last lies here.
    private const int Spill = 16;

    private readonly float* packed = packed;

    public int Groups => Panels * Blocks;

    private int Panels => (planes.Lanes + TMicro.Rows - 1) / TMicro.Rows;

    private int Blocks => (planes.Depth + Block - 1) / Block;

    public void Execute(int group)
    {
        var (panel, start) = (group / Blocks, group % Blocks * Block);
        var depth = (nint)tiles * planes.Depth;
        Pack(
            panel, start, Math.Min(Block, planes.Depth - start), 0, tiles, 0, vertical.Left.Length,
            packed + (((panel * depth) + start) * TMicro.Rows), Panels * depth * TMicro.Rows, planes.Depth * TMicro.Rows);
    }

    /// <summary>
    /// Packs some tile lines' combinations as [combination][panel][tile][k][row] for panels from <paramref name="first"/>
    /// on and <paramref name="count"/> of k: what one job needs for a moment.
    /// </summary>
    public void PackSome(int first, int panels, int start, int count, int tile, int tileCount, int combination, int combinations, float* target)
    {
        var tileStride = (nint)count * TMicro.Rows;
        for (var panel = 0; panel < panels; panel++)
        {
            for (var i = 0; i < count; i += Block)
            {
                Pack(
                    first + panel, start + i, Math.Min(Block, count - i), tile, tileCount, combination, combinations,
                    target + (panel * tileCount * tileStride) + (i * TMicro.Rows), panels * tileCount * tileStride, tileStride);
            }
        }
    }

    private void Pack(
        int panel, int start, int count, int firstTile, int tileCount, int combination, int combinations, float* target, nint combinationStride,
        nint tileStride)
    {
        var (firstLine, lastLine) = Lines(firstTile / horizontal.Tiles, (firstTile + tileCount - 1) / horizontal.Tiles, combination, combinations);
        var run = count * TMicro.Rows;
        var placeStride = (nint)run + Spill;
        var apart = ThreadScratch.Current.Floats(ScratchSlot.Columns, planes.Size * placeStride);
        TakeApart(panel * TMicro.Rows, start, count, firstLine * planes.Width, (lastLine - firstLine) * planes.Width, apart, placeStride);

        var places = stackalloc int[4];
        var factors = stackalloc float[4];
        for (var tile = firstTile; tile < firstTile + tileCount; tile++, target += tileStride)
        {
            var (top, leftmost) = (tile / horizontal.Tiles * vertical.LeftStep, tile % horizontal.Tiles * horizontal.LeftStep);
            var sum = target;
            for (var y = combination; y < combination + combinations; y++)
            {
                for (var x = 0; x < horizontal.Left.Length; x++, sum += combinationStride)
                {
                    var elements = planes.Elements(vertical.Left[y], top, horizontal.Left[x], leftmost, places, factors);
                    Sum(apart, placeStride, run, elements, places, factors, sum);
                }
            }
        }
    }

    // The lines of a plane, from the first to the one behind the last, that some combinations of some tile lines touch.
    private (int First, int Last) Lines(int firstLine, int lastLine, int combination, int combinations)
    {
        var (first, last) = (planes.Height, 0);
        foreach (ref readonly var sum in vertical.Left.AsSpan(combination, combinations))
        {
            first = Math.Min(first, (firstLine * vertical.LeftStep) + Math.Min(sum.First, sum.Second));
            last = Math.Max(last, (lastLine * vertical.LeftStep) + Math.Max(sum.First, sum.Second) + 1);
        }

        first = Math.Clamp(first, 0, planes.Height);
        return (first, Math.Clamp(last, first, planes.Height));
    }

    // apart[place, k, row]
    private void TakeApart(int lane, int start, int count, int firstPlace, int placeCount, float* apart, nint placeStride)
    {
        var rows = Math.Min(TMicro.Rows, planes.Lanes - lane);
        for (var i = 0; i < count; i++)
        {
            var source = planes.At(lane, start + i) + firstPlace;
            var target = apart + (firstPlace * placeStride) + (i * TMicro.Rows);
            Transposition.FromRows(source, planes.LaneStride, rows, placeCount, target, placeStride, 2 * placeStride);
        }
    }

    private static void Sum(float* apart, nint placeStride, int run, int elements, int* places, float* factors, float* target)
    {
        var a = apart + (places[0] * placeStride);
        var b = apart + (places[1] * placeStride);
        var c = apart + (places[2] * placeStride);
        var d = apart + (places[3] * placeStride);
        switch (elements)
        {
            case 0:
                new Span<float>(target, run).Clear();
                break;
            case 1:
                VectorSum.One(run, a, factors[0], target);
                break;
            case 2:
                VectorSum.Two(run, a, factors[0], b, factors[1], target);
                break;
            default:
                VectorSum.Four(run, a, b, c, d, factors, target);
                break;
        }
    }
}
