using Crypson.Kernels;

namespace Crypson;

/// <summary>
/// Chooses and launches the kernels of a product. How it is cut, and with it the order of every sum, depends on the kind of
/// device and the shape alone.
/// </summary>
internal static class DeviceProduct
{
    // Products below this many multiplications are not worth packing.
    private const long SmallProduct = 1 << 14;

    // Results below this many do not fill a tile.
    private const int FewResults = 16;

    // Floats that a packed operand takes, unless one panel of one outer digit of the depth needs more.
    private const int PackedLimit = 1 << 21;

    /// <summary>y = a b + bias on a device.</summary>
    /// <param name="bias">Any view when the product has no bias.</param>
    /// <param name="variant">The way to do it; the device's own unless given.</param>
    public static void Run(
        Device device, in Product p, ArrayView<float> a, ArrayView<float> b, ArrayView<float> bias, ArrayView<float> y, ProductVariant? variant = null)
    {
        if (p.Batch == 0 || p.M == 0 || p.N == 0)
        {
            return;
        }

        var chosen = p.K == 0 ? ProductVariant.Naive : variant ?? Choose(device, p);
        switch (chosen)
        {
            case ProductVariant.Panels or ProductVariant.NarrowPanels:
                RunPanels(device, p, chosen == ProductVariant.NarrowPanels, a, b, bias, y);
                break;
            case ProductVariant.Tiles:
                RunTiles(device, p, a, b, bias, y);
                break;
            default:
                RunNaive(device, p, a, b, bias, y);
                break;
        }
    }

    private static ProductVariant Choose(Device device, in Product p)
    {
        var results = (long)p.M * p.N;
        if (results * p.K < SmallProduct || results <= FewResults)
        {
            return ProductVariant.Naive;
        }

        return device.VectorWidth switch
        {
            0 => ProductVariant.Tiles,
            < Float32x16.Count => ProductVariant.NarrowPanels,
            _ => ProductVariant.Panels,
        };
    }

    private static void RunNaive(Device device, in Product p, ArrayView<float> a, ArrayView<float> b, ArrayView<float> bias, ArrayView<float> y)
    {
        var parts = p.Batch > 1 ? 1 : Parts(p.K, (long)p.M * p.N, 256);
        if (parts == 1)
        {
            ProductKernels.LaunchNaiveProduct(device, checked(p.Batch * p.M * p.N), p, p.K, a, b, bias, y);
            return;
        }

        using var sums = device.Allocate<float>(checked(parts * p.M * p.N));
        ProductKernels.LaunchNaiveProduct(device, parts * p.M * p.N, InParts(p), Divide(p.K, parts), a, b, sums, sums);
        ProductKernels.LaunchJoinParts(device, p.M * p.N, p, parts, sums, bias, y);
    }

    /// <param name="limit">The most groups on the Y and Z axes of a launch.</param>
    internal static void RunTiles(
        Device device, Product p, ArrayView<float> a, ArrayView<float> b, ArrayView<float> bias, ArrayView<float> y, int limit = KernelRange.MaxGroupsYZ)
    {
        const int Tile = TileProductKernels.Tile, Side = TileProductKernels.Side;
        if (Divide(p.M, Tile) > limit)
        {
            // The long side becomes X, which has room for every row that an int can count.
            p = p.Transposed;
            (a, b) = (b, a);
        }

        var (width, height) = (Divide(p.N, Tile), Divide(p.M, Tile));

        // A GPU wants hundreds of groups.
        var parts = p.Batch > 1 ? 1 : Parts(p.K, (long)width * height, 256);
        if (parts == 1)
        {
            for (var first = 0; first < p.Batch; first += limit)
            {
                Launch(
                    p, Math.Min(p.Batch - first, limit), p.K, a.SubView((long)first * p.A.BatchStep), b.SubView((long)first * p.B.BatchStep), bias,
                    y.SubView((long)first * p.Y.BatchStep));
            }

            return;
        }

        using var sums = device.Allocate<float>(checked(parts * p.M * p.N));
        Launch(InParts(p), parts, Divide(p.K, parts), a, b, sums, sums);
        ProductKernels.LaunchJoinParts(device, p.M * p.N, p, parts, sums, bias, y);

        void Launch(
            in Product product, int layers, int partDepth, ArrayView<float> left, ArrayView<float> right, ArrayView<float> shift, ArrayView<float> result) =>
            TileProductKernels.LaunchMultiplyTiles(
                device, new KernelConfig((width, height, layers), (Side, Side, 1)), product, partDepth,
                ReadsFours(product.A, product.M, product.K, partDepth, left), ReadsFours(product.B, product.N, product.K, partDepth, right),
                product.Y.HasFours(alongDepth: true, product.N, result.Offset), left, right, shift, result);
    }

    // Parts begin and end at multiples of four, too.
    private static bool ReadsFours(in ProductOperand operand, int lines, int depth, int partDepth, ArrayView<float> source) => operand.ReadsAlongDepth
        ? partDepth % 4 == 0 && operand.HasFours(alongDepth: true, depth, source.Offset)
        : operand.HasFours(alongDepth: false, lines, source.Offset);

    private static void RunPanels(Device device, Product p, bool isNarrow, ArrayView<float> a, ArrayView<float> b, ArrayView<float> bias, ArrayView<float> y)
    {
        // The side that fills panels of 64 columns better becomes the columns.
        if (Padded(p.N, p.M) < Padded(p.M, p.N))
        {
            p = p.Transposed;
            (a, b) = (b, a);
        }

        var one = p with { Batch = 1 };
        var tiles = (long)Divide(p.M, PanelProductKernels.RowWidth * PanelProductKernels.BlockPanels) * Divide(p.N, PanelProductKernels.ColumnWidth);
        var parts = Parts(p.K, tiles, 16);
        for (var batch = 0; batch < p.Batch; batch++)
        {
            var (sourceA, sourceB, result) = (a.SubView((long)batch * p.A.BatchStep), b.SubView((long)batch * p.B.BatchStep), y.SubView((long)batch * p.Y.BatchStep));
            if (parts == 1)
            {
                RunSlabs(device, one, isNarrow, 1, sourceA, sourceB, bias, result);
            }
            else
            {
                using var sums = device.Allocate<float>(checked(parts * p.M * p.N));
                RunSlabs(device, InParts(one), isNarrow, parts, sourceA, sourceB, sums, sums);
                ProductKernels.LaunchJoinParts(device, p.M * p.N, one, parts, sums, bias, result);
            }
        }
    }

    // Slabs of depth, rows and columns whose packed panels fit the limit, one after the other through the same memory.
    private static void RunSlabs(
        Device device, in Product p, bool isNarrow, int parts, ArrayView<float> a, ArrayView<float> b, ArrayView<float> bias, ArrayView<float> y)
    {
        const int RowWidth = PanelProductKernels.RowWidth, ColumnWidth = PanelProductKernels.ColumnWidth;

        // Both operands have the same inner digits or one of them has none: a slab ends where an outer digit does.
        var taps = Math.Max(Taps(p.A), Taps(p.B));
        var slabDepth = Math.Min(p.K, Math.Max(1, PackedLimit / ColumnWidth / taps) * taps);
        var rowPanels = Math.Clamp(PackedLimit / ((long)slabDepth * RowWidth), 1, Divide(p.M, RowWidth));
        var columnPanels = Math.Clamp(PackedLimit / ((long)slabDepth * ColumnWidth), 1, Divide(p.N, ColumnWidth));
        var (slabRows, slabColumns) = ((int)rowPanels * RowWidth, (int)columnPanels * ColumnWidth);
        using var left = device.Allocate<float>(checked(slabRows * slabDepth));
        using var right = device.Allocate<float>(checked(slabColumns * slabDepth));
        for (var start = 0; start < p.K; start += slabDepth)
        {
            var depth = Math.Min(slabDepth, p.K - start);
            for (var row = 0; row < p.M; row += slabRows)
            {
                var rows = Math.Min(slabRows, p.M - row);
                Pack(device, p.A, row, rows, start, depth, RowWidth, a, left);
                for (var column = 0; column < p.N; column += slabColumns)
                {
                    var columns = Math.Min(slabColumns, p.N - column);
                    Pack(device, p.B, column, columns, start, depth, ColumnWidth, b, right);
                    var panels = Divide(rows, RowWidth);
                    var blockPanels = Divide(panels, Divide(panels, PanelProductKernels.BlockPanels));
                    PanelProductKernels.LaunchMultiplyPanels(
                        device, new KernelConfig((Divide(panels, blockPanels), Divide(columns, ColumnWidth), parts), (1, 1, 1)),
                        p, row, rows, column, columns, blockPanels, depth, Divide(depth, parts), start > 0, isNarrow, left, right, bias, y);
                }
            }
        }
    }

    private static void Pack(
        Device device, in ProductOperand operand, int first, int lines, int start, int depth, int width, ArrayView<float> source, ArrayView<float> packed)
    {
        var taps = Taps(operand);
        var stretch = taps == 1 ? 64 : 16;
        PanelProductKernels.LaunchPackPanels(
            device, new KernelConfig((Divide(lines, width), Divide(depth / taps, stretch), 1), (1, 1, 1)),
            operand, first, lines, start / taps, depth, width, stretch, source, packed);
    }

    private static int Taps(in ProductOperand operand) => operand.Depth.Rows * operand.Depth.Columns;

    // Sums of parts of the depth, each a plain matrix behind the one before.
    private static Product InParts(in Product p) => p with
    {
        A = p.A with { BatchStep = 0 },
        B = p.B with { BatchStep = 0 },
        Y = ProductOperand.Matrix(p.N, 1, p.M * p.N),
        Bias = ProductBias.None,
    };

    /// <summary>Parts that a long depth is cut into when there are fewer tiles than wanted; none shorter than 512.</summary>
    private static int Parts(int depth, long tiles, int wanted) => (int)Math.Clamp(Math.Min(wanted / tiles, depth / 512), 1, 64);

    private static long Padded(int m, int n) =>
        (long)Divide(m, PanelProductKernels.RowWidth) * PanelProductKernels.RowWidth * Divide(n, PanelProductKernels.ColumnWidth) * PanelProductKernels.ColumnWidth;

    private static int Divide(int count, int size) => (int)(((long)count + size - 1) / size);
}
