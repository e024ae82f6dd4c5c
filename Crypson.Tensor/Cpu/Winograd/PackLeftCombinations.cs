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
        var count = Math.Min(Block, planes.Depth - start);
        var run = count * TMicro.Rows;
        var placeStride = (nint)(count * TMicro.Rows) + Spill;
        var apart = ThreadScratch.Current.Floats(ScratchSlot.Strip, planes.Size * placeStride);
        TakeApart(panel * TMicro.Rows, start, count, apart, placeStride);

        var places = stackalloc int[4];
        var factors = stackalloc float[4];
        for (var tile = 0; tile < tiles; tile++)
        {
            var (top, leftmost) = (tile / horizontal.Tiles * vertical.LeftStep, tile % horizontal.Tiles * horizontal.LeftStep);
            for (var y = 0; y < vertical.Left.Length; y++)
            {
                for (var x = 0; x < horizontal.Left.Length; x++)
                {
                    var elements = planes.Elements(vertical.Left[y], top, horizontal.Left[x], leftmost, places, factors);
                    var combination = (y * horizontal.Left.Length) + x;
                    var target = packed
                        + (((((nint)combination * Panels + panel) * tiles) + tile) * planes.Depth + start) * TMicro.Rows;
                    Sum(apart, placeStride, run, elements, places, factors, target);
                }
            }
        }
    }

    // apart[place, k, row]
    private void TakeApart(int lane, int start, int count, float* apart, nint placeStride)
    {
        var rows = Math.Min(TMicro.Rows, planes.Lanes - lane);
        for (var i = 0; i < count; i++)
        {
            var source = planes.At(lane, start + i);
            var target = apart + (i * TMicro.Rows);
            if (rows == TMicro.Rows)
            {
                Transposition.FromRows(source, planes.LaneStride, rows, planes.Size, target, placeStride);
            }
            else
            {
                TakeFew(source, planes.LaneStride, rows, planes.Size, target, placeStride);
            }
        }
    }

    // Rows beyond the last are zeros.
    private static void TakeFew(float* source, nint stride, int rows, int size, float* target, nint placeStride)
    {
        for (var place = 0; place < size; place++, target += placeStride)
        {
            for (var row = 0; row < TMicro.Rows; row++)
            {
                target[row] = row < rows ? source[(row * stride) + place] : 0;
            }
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
