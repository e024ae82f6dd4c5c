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
            var target = apart + (i * TMicro.Rows);
            var row = 0;
            for (; row <= rows - 2; row += 2)
            {
                TakeTwo(planes.At(lane + row, start + i), planes.At(lane + row + 1, start + i), target + row, run);
            }

            for (; row < TMicro.Rows; row++)
            {
                var source = planes.At(lane + row, start + i);
                for (var place = 0; place < planes.Size; place++)
                {
                    target[((nint)place * run) + row] = row < rows ? source[place] : 0;
                }
            }
        }
    }

    // Two rows are neighbours in the target: pairs are half the number of stores.
    private void TakeTwo(float* first, float* second, float* target, int run)
    {
        var place = 0;
        for (; place <= planes.Size - 4; place += 4, target += 4 * (nint)run)
        {
            var (a, b) = (Vector128.Load(first + place), Vector128.Load(second + place));
            var (low, high) = (Halves.UnpackLow(a, b).AsDouble(), Halves.UnpackHigh(a, b).AsDouble());
            *(double*)target = low[0];
            *(double*)(target + run) = low[1];
            *(double*)(target + (2 * run)) = high[0];
            *(double*)(target + (3 * run)) = high[1];
        }

        for (; place < planes.Size; place++, target += run)
        {
            target[0] = first[place];
            target[1] = second[place];
        }
    }

    private static void Sum(float* apart, int run, int elements, int* places, float* factors, float* target)
    {
        var a = apart + ((nint)places[0] * run);
        var b = apart + ((nint)places[1] * run);
        var c = apart + ((nint)places[2] * run);
        var d = apart + ((nint)places[3] * run);
        var (fa, fb, fc, fd) = (factors[0], factors[1], factors[2], factors[3]);
        var i = 0;
        switch (elements)
        {
            case 0:
                new Span<float>(target, run).Clear();
                break;
            case 1 when fa == 1:
                new ReadOnlySpan<float>(a, run).CopyTo(new Span<float>(target, run));
                break;
            case 1:
                for (; i <= run - 8; i += 8)
                {
                    (Vector256.Load(a + i) * fa).Store(target + i);
                }

                for (; i < run; i++)
                {
                    target[i] = a[i] * fa;
                }

                break;
            case 2:
                for (; i <= run - 8; i += 8)
                {
                    ((Vector256.Load(a + i) * fa) + (Vector256.Load(b + i) * fb)).Store(target + i);
                }

                for (; i < run; i++)
                {
                    target[i] = (a[i] * fa) + (b[i] * fb);
                }

                break;
            default:
                for (; i <= run - 8; i += 8)
                {
                    ((Vector256.Load(a + i) * fa) + (Vector256.Load(b + i) * fb)
                        + ((Vector256.Load(c + i) * fc) + (Vector256.Load(d + i) * fd))).Store(target + i);
                }

                for (; i < run; i++)
                {
                    target[i] = (a[i] * fa) + (b[i] * fb) + ((c[i] * fc) + (d[i] * fd));
                }

                break;
        }
    }
}
