using System.Runtime.Intrinsics;

namespace Crypson.Cpu.Products;

/// <summary>
/// Adds the partial tiles of a product whose K was split, from the first part to the last, and writes the sums. One
/// group is one row tile of one strip.
/// </summary>
internal readonly unsafe struct SumPartials<TMicro, TB, TWriter>(
    ProductPlan plan, float* partials, int row, int rows, int columns, TWriter writer, bool first) : IKernel
    where TMicro : struct, IMicroKernel
    where TB : struct, IOperand
    where TWriter : struct, ITileWriter
{
    private const int Strip = ProductPlan.StripColumns;

    private readonly float* partials = partials;

    public int Groups => plan.Strips * plan.RowTiles;

    public void Execute(int group)
    {
        var strip = group / plan.RowTiles;
        var tile = group % plan.RowTiles;
        var size = TMicro.Rows * Strip;
        var stride = (nint)plan.Strips * plan.RowTiles * size;
        var sum = partials + (nint)group * size;
        for (var split = 1; split < plan.Splits; split++)
        {
            var part = sum + split * stride;
            for (var j = 0; j < size; j += 8)
            {
                (Vector256.Load(sum + j) + Vector256.Load(part + j)).Store(sum + j);
            }
        }

        var column = strip * Strip;
        var offsets = (nint*)ThreadScratch.Current.Bytes(ScratchSlot.Offsets, Strip * sizeof(nint));
        ProductKernel<TMicro, TB, TWriter>.WriteTiles(
            writer, sum, row, rows, tile, 1, column, Math.Min(Strip, columns - column), offsets, first);
    }
}
