using System.Runtime.Intrinsics;
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

    private readonly float* packed = packed;

    public int Groups => Panels * Blocks;

    private int Panels => (planes.Lanes + TMicro.Rows - 1) / TMicro.Rows;

    private int Blocks => (planes.Depth + Block - 1) / Block;

    public void Execute(int group)
    {
        var (panel, start) = (group / Blocks, group % Blocks * Block);
        var count = Math.Min(Block, planes.Depth - start);
        var run = count * TMicro.Rows;
        var apart = ThreadScratch.Current.Floats(ScratchSlot.Strip, (nint)planes.Size * run);
        TakeApart(panel * TMicro.Rows, start, count, apart);

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
                    Sum(apart, run, elements, places, factors, target);
                }
            }
        }
    }

    // apart[place, k, row]
    private void TakeApart(int lane, int start, int count, float* apart)
    {
        var rows = Math.Min(TMicro.Rows, planes.Lanes - lane);
        var run = count * TMicro.Rows;
        for (var i = 0; i < count; i++)
        {
            for (var row = 0; row < TMicro.Rows; row++)
            {
                var target = apart + (i * TMicro.Rows) + row;
                if (row < rows)
                {
                    var source = planes.At(lane + row, start + i);
                    for (var place = 0; place < planes.Size; place++)
                    {
                        target[place * run] = source[place];
                    }
                }
                else
                {
                    for (var place = 0; place < planes.Size; place++)
                    {
                        target[place * run] = 0;
                    }
                }
            }
        }
    }

    private static void Sum(float* apart, int run, int elements, int* places, float* factors, float* target)
    {
        if (elements == 0)
        {
            new Span<float>(target, run).Clear();
            return;
        }

        var i = 0;
        for (; i <= run - 8; i += 8)
        {
            var sum = Vector256.Load(apart + ((nint)places[0] * run) + i) * factors[0];
            for (var e = 1; e < elements; e++)
            {
                sum += Vector256.Load(apart + ((nint)places[e] * run) + i) * factors[e];
            }

            sum.Store(target + i);
        }

        for (; i < run; i++)
        {
            var sum = apart[((nint)places[0] * run) + i] * factors[0];
            for (var e = 1; e < elements; e++)
            {
                sum += apart[((nint)places[e] * run) + i] * factors[e];
            }

            target[i] = sum;
        }
    }
}
