using System.Globalization;
using Crypson.Tests.Cpu;

namespace Crypson.Tests.Products;

/// <summary>Products that read and write four elements at once: where they may, and that no bit depends on it.</summary>
public sealed class ProductFoursTests
{
    // The CPU runs a thread per work-item.
    private static readonly string[] Small = ["8 12 16", "5 7 9"];

    // Whole and partial tiles; depths in parts of 512, 513 and 514; sizes that are no multiples of 4.
    private static readonly string[] Whole = ["64 128 32", "68 132 20", "100 4 36", "66 130 34", "16 20 3", "3 20 16"];
    private static readonly string[] InParts = ["72 60 5120", "12 8 2052", "8 16 1028"];

    private static readonly string[] Layers =
        ["b5 8x4x8 -> 12 k1 s1 p0", "b6 8x8x8 -> 12 k3 s1 p1", "b3 5x7x4 -> 70 k3x4 s1 p1x2", "b8 4x8x8 -> 8 k4 s2 p1", "b3 6x5x7 -> 9 k3 s1 p1", "b33 4x8x8 -> 8 k2 s2 p0"];

    public static IEnumerable<TheoryDataRow<string, string, string>> WholeRows() => Tiles(Whole, Small);

    public static IEnumerable<TheoryDataRow<string, string, string>> Rows() => Tiles(Whole.Concat(InParts), Small);

    public static IEnumerable<TheoryDataRow<string, string, string>> Convolutions() => Tiles(Layers, ["b2 3x2x4 -> 4 k1 s1 p0"]);

    [Theory]
    [MemberData(nameof(Rows))]
    public void No_bit_depends_on_where_operands_begin(string deviceName, string variantName, string sizes)
    {
        for (var mode = 0; mode < 4; mode++)
        {
            var aligned = Multiply(deviceName, variantName, sizes, mode, 0, 0, 0);
            Assert.Equal(aligned, Multiply(deviceName, variantName, sizes, mode, 4, 8, 4));
            Assert.Equal(aligned, Multiply(deviceName, variantName, sizes, mode, 1, 0, 0));
            Assert.Equal(aligned, Multiply(deviceName, variantName, sizes, mode, 0, 2, 0));
            Assert.Equal(aligned, Multiply(deviceName, variantName, sizes, mode, 4, 4, 3));
            Assert.Equal(aligned, Multiply(deviceName, variantName, sizes, mode, 3, 1, 1));
        }
    }

    /// <summary>Each element is one chain of fused multiply-adds along the depth.</summary>
    [Theory]
    [MemberData(nameof(WholeRows))]
    public void The_order_of_the_sums_is_that_of_the_depth(string deviceName, string variantName, string sizes)
    {
        var numbers = sizes.Split(' ').Select(word => int.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        var (m, n, k) = (numbers[0], numbers[1], numbers[2]);
        var (a, b) = (Numbers.Random(1, m * k), Numbers.Random(2, k * n));
        var expected = Enumerable.Range(0, m * n)
            .Select(i => Enumerable.Range(0, k).Aggregate(0f, (sum, t) => MathF.FusedMultiplyAdd(a[i / n * k + t], b[t * n + i % n], sum)));
        Assert.Equal(expected.Select(BitConverter.SingleToInt32Bits), Multiply(deviceName, variantName, sizes, 0, 0, 0, 0));
    }

    [Theory]
    [MemberData(nameof(Convolutions))]
    public void No_bit_of_a_convolution_depends_on_where_operands_begin(string deviceName, string variantName, string spec)
    {
        var aligned = Convolve(deviceName, variantName, spec, 0);
        Assert.Equal(aligned, Convolve(deviceName, variantName, spec, 4));
        Assert.Equal(aligned, Convolve(deviceName, variantName, spec, 1));
    }

    [Theory]
    [InlineData(8, 1, 0, 12, 0, true, true)]
    [InlineData(8, 1, 24, 8, 4, true, true)]
    [InlineData(1, 8, 0, 12, 0, false, true)]
    [InlineData(8, 1, 0, 8, 0, false, false)]
    [InlineData(7, 1, 0, 8, 0, true, false)]
    [InlineData(8, 2, 0, 8, 0, true, false)]
    [InlineData(8, 1, 0, 6, 0, true, false)]
    [InlineData(8, 1, 6, 8, 0, true, false)]
    [InlineData(8, 1, 0, 8, 2, true, false)]
    public void Matrices_have_fours_where_lines_begin_at_multiples_of_four(int lineStep, int depthStep, int batchStep, int count, long offset, bool alongDepth, bool has) =>
        Assert.Equal(has, ProductOperand.Matrix(lineStep, depthStep, batchStep).HasFours(alongDepth, count, offset));

    [Fact]
    public void Fours_are_neighbours_inside_the_window_or_outside_of_it()
    {
        var random = new Random(1);
        var found = 0;
        for (var trial = 0; trial < 100_000; trial++)
        {
            var operand = new ProductOperand(Axis(), Axis(), Of(1, 3, 4), Of(1, 4, 6, 8), Of(0, 8, 10));
            var alongDepth = trial % 2 == 0;
            var (count, offset) = (Of(4, 8, 12, 10), Of(0, 4, 6));
            if (!operand.HasFours(alongDepth, count, offset))
            {
                continue;
            }

            found++;
            Assert.Equal(0, (offset + operand.BatchStep) % 4);
            for (var across = 0; across < 12; across++)
            {
                for (var first = 0; first < count; first += 4)
                {
                    var places = Enumerable.Range(first, 4).Select(i => alongDepth ? Place(operand, across, i) : Place(operand, i, across)).ToArray();
                    Assert.True(first + 4 <= count);
                    Assert.Equal(0, (places[0] ?? 0) % 4);
                    Assert.All(Enumerable.Range(0, 4), i => Assert.Equal(places[0] + i, places[i]));
                }
            }
        }

        Assert.True(found > 500, $"only {found} operands had fours");

        ProductAxis Axis() => random.Next(2) == 0
            ? ProductAxis.Plain(Of(1, 1, 4, 8, 3))
            : new ProductAxis(Of(4, 16, 10), Of(1, 2, 3), Of(1, 4, 8, 3), Of(0, -1, 1), Of(0, 1, 2), Of(0, 0, 4, -4, 1), Of(1, 1, 4, 2));

        int Of(params ReadOnlySpan<int> numbers) => numbers[random.Next(numbers.Length)];
    }

    [Fact]
    public void Images_of_a_convolution_have_fours_and_shifted_patches_have_not()
    {
        // Images [n, 6, 8, 8] by channel and position; patches of them with a padding of 1, and of 1 x 1.
        var images = new ProductOperand(ProductAxis.Plain(64), new ProductAxis(384, 1, 64, 0, 0, 0, 1), 1, 64, 0);
        Assert.True(images.ReadsAlongDepth && images.HasFours(alongDepth: true, 640, 0));
        var padded = new ProductOperand(new ProductAxis(384, 8, 8, -1, 1, -1, 1), new ProductAxis(64, 3, 3, 0, 1, 0, 1), 8, 8, 0);
        Assert.False(padded.HasFours(alongDepth: false, 640, 0));
        var single = new ProductOperand(new ProductAxis(384, 8, 8, 0, 1, 0, 1), new ProductAxis(64, 1, 1, 0, 1, 0, 1), 8, 8, 0);
        Assert.True(!single.ReadsAlongDepth && single.HasFours(alongDepth: false, 640, 0));
    }

    private static IEnumerable<TheoryDataRow<string, string, string>> Tiles(IEnumerable<string> cases, IEnumerable<string> small) =>
        VariantRows.Of(cases, small).Where(row => row.Skip is not null || row.Data.Item2 == nameof(ProductVariant.Tiles));

    // The element's place, or null outside the window.
    private static int? Place(in ProductOperand operand, int line, int depth)
    {
        var (l, d) = (operand.Lines.At(line), operand.Depth.At(depth));
        var (y, x) = (l.Y + d.Y, l.X + d.X);
        return y >= 0 && y < operand.Height && x >= 0 && x < operand.Width ? operand.Offset(l, d) : null;
    }

    private static int[] Multiply(string deviceName, string variantName, string sizes, int mode, int startA, int startB, int startY)
    {
        var device = DeviceList.Get(deviceName);
        var numbers = sizes.Split(' ').Select(word => int.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        var (m, n, k, batch) = (numbers[0], numbers[1], numbers[2], mode == 3 ? 2 : 1);
        var (a, b) = (mode % 2 == 0 ? ProductOperand.Matrix(k, 1, m * k) : ProductOperand.Matrix(1, m, m * k), mode / 2 == 0 ? ProductOperand.Matrix(1, n, k * n) : ProductOperand.Matrix(k, 1, k * n));
        var product = new Product(batch, m, n, k, a, b, ProductOperand.Matrix(n, 1, m * n), (ProductBias)(mode % 3));
        using var memoryA = At(device, startA, Numbers.Random(1, batch * m * k));
        using var memoryB = At(device, startB, Numbers.Random(2, batch * k * n));
        using var bias = At(device, 0, Numbers.Random(3, Math.Max(m, n)));
        using var memoryY = At(device, startY, ConvolutionCases.Garbage(batch * m * n));
        DeviceProduct.Run(
            device, product, memoryA.View.SubView(startA), memoryB.View.SubView(startB), bias, memoryY.View.SubView(startY), Enum.Parse<ProductVariant>(variantName));
        return Result(memoryY, startY);
    }

    private static int[] Convolve(string deviceName, string variantName, string spec, int start)
    {
        var device = DeviceList.Get(deviceName);
        var variant = Enum.Parse<ProductVariant>(variantName);
        var s = ConvolutionCases.Parse(spec);
        var (x, weight, dy) = ConvolutionCases.Operands(s);
        using var deviceX = At(device, start, x);
        using var deviceWeight = At(device, start, weight);
        using var deviceDy = At(device, start, dy);
        using var y = At(device, start, ConvolutionCases.Garbage(dy.Length));
        using var dx = At(device, start, ConvolutionCases.Garbage(x.Length));
        using var dWeight = At(device, start, ConvolutionCases.Garbage(weight.Length));
        var (viewX, viewWeight, viewDy) = (deviceX.View.SubView(start), deviceWeight.View.SubView(start), deviceDy.View.SubView(start));
        DeviceConvolution.Forward(device, s, viewX, viewWeight, null, y.View.SubView(start), variant);
        DeviceConvolution.BackwardData(device, s, viewDy, viewWeight, null, dx.View.SubView(start), variant);
        DeviceConvolution.BackwardWeight(device, s, viewX, viewDy, dWeight.View.SubView(start), variant);
        return [.. Result(y, start), .. Result(dx, start), .. Result(dWeight, start)];
    }

    // Numbers from a place on, with others around them.
    private static DeviceBuffer<float> At(Device device, int start, float[] numbers) =>
        device.Allocate<float>([.. Enumerable.Repeat(0.125f, start), .. numbers, .. Enumerable.Repeat(0.125f, 5)]);

    // The bits; what is around them must be as it was.
    private static int[] Result(DeviceBuffer<float> memory, int start)
    {
        var numbers = memory.ToArray();
        Assert.All(numbers[..start].Concat(numbers[^5..]), number => Assert.Equal(0.125f, number));
        return [.. numbers[start..^5].Select(BitConverter.SingleToInt32Bits)];
    }
}
