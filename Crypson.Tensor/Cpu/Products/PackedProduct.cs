using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Crypson.Cpu.Products;

/// <summary>
/// The one driver of all matrix products and convolutions: packs the left operand once, then lets the workers take
/// jobs (a block of rows times a strip of columns), each of which packs its strip of the right operand as it goes.
/// </summary>
internal static unsafe class PackedProduct
{
    // What is packed of the left operand at a time: at most 4 Mi elements (16 MiB), at most this much of K.
    private const int MaxPacked = 1 << 22;
    private const int MaxDepth = 1 << 14;

    // Products of fewer multiplications run on the calling thread: waking a worker costs about as much.
    private const long InlineWork = 1 << 16;

    /// <summary>writer receives C[m, n] = A[m, k] * B[k, n]; <paramref name="b"/> has the columns of B as lanes.</summary>
    public static void Run<TA, TB, TWriter>(int m, int n, int k, in TA a, in TB b, in TWriter writer)
        where TA : struct, IOperand
        where TB : struct, IOperand
        where TWriter : struct, ITileWriter
    {
        if (m <= 0 || n <= 0)
        {
            return;
        }

        if (Vector512.IsHardwareAccelerated)
        {
            Run<MicroKernel512, TA, TB, TWriter>(m, n, k, a, b, writer);
        }
        else if (Avx2.IsSupported && Fma.IsSupported)
        {
            Run<MicroKernel256, TA, TB, TWriter>(m, n, k, a, b, writer);
        }
        else
        {
            Run<MicroKernel128, TA, TB, TWriter>(m, n, k, a, b, writer);
        }
    }

    /// <summary>Shares the groups among the workers unless there is too little to do.</summary>
    public static void Launch<TKernel>(in TKernel kernel, int groups, long work)
        where TKernel : struct, IKernel
    {
        if (work > InlineWork)
        {
            Workers.Run(kernel, groups);
            return;
        }

        for (var group = 0; group < groups; group++)
        {
            kernel.Execute(group);
        }
    }

    private static void Run<TMicro, TA, TB, TWriter>(int m, int n, int k, in TA a, in TB b, in TWriter writer)
        where TMicro : struct, IMicroKernel
        where TA : struct, IOperand
        where TB : struct, IOperand
        where TWriter : struct, ITileWriter
    {
        var blockDepth = EvenPart(k, MaxDepth, 8);
        var blockRows = EvenPart(m, MaxPacked / Math.Max(blockDepth, 1), TMicro.Rows);
        for (var row = 0; row < m; row += blockRows)
        {
            var rows = Math.Min(blockRows, m - row);
            var start = 0;
            do
            {
                var depth = Math.Min(blockDepth, k - start);
                RunBlock<TMicro, TA, TB, TWriter>(row, rows, n, start, depth, a, b, writer);
                start += depth;
            }
            while (start < k);
        }
    }

    // The length of about equal parts that are at most `limit` long (but for rounding up to a multiple).
    private static int EvenPart(int length, int limit, int multiple)
    {
        var parts = Math.Max(1, (length + limit - 1) / limit);
        return ((length + parts - 1) / parts + multiple - 1) / multiple * multiple;
    }

    private static void RunBlock<TMicro, TA, TB, TWriter>(
        int row, int rows, int columns, int k, int depth, in TA a, in TB b, in TWriter writer)
        where TMicro : struct, IMicroKernel
        where TA : struct, IOperand
        where TB : struct, IOperand
        where TWriter : struct, ITileWriter
    {
        var plan = new ProductPlan(rows, columns, depth, TMicro.Rows);
        var work = (long)rows * columns * depth;
        var scratch = ThreadScratch.Current;
        var packed = scratch.Floats(ScratchSlot.PackedRows, (nint)plan.RowTiles * TMicro.Rows * depth);
        if (depth > 0)
        {
            var pack = new PackRows<TMicro, TA>(a, row, rows, k, depth, 8, 512, packed);
            Launch(pack, pack.Groups, work);
        }

        var tileSize = TMicro.Rows * ProductPlan.StripColumns;
        var partials = plan.Splits == 1
            ? null
            : scratch.Floats(ScratchSlot.Partials, (nint)plan.Splits * plan.Strips * plan.RowTiles * tileSize);
        var first = k == 0;
        var product = new ProductKernel<TMicro, TB, TWriter>(
            plan, packed, row, rows, columns, k, depth, b, writer, partials, first);
        Launch(product, product.Groups, work);
        if (plan.Splits > 1)
        {
            var sum = new SumPartials<TMicro, TB, TWriter>(plan, partials, row, rows, columns, writer, first);
            Launch(sum, sum.Groups, work);
        }
    }
}
