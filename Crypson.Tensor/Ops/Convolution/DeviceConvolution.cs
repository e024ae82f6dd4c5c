using Crypson.Cpu;
using Crypson.Cpu.Products;
using Crypson.Kernels;

namespace Crypson;

/// <summary>
/// Convolutions on devices as products whose operands are patches that are never stored. The batch is part of the product.
/// </summary>
internal static class DeviceConvolution
{
    // Input channels up to which the gradient goes through columns: a product of that few rows would waste most of a tile.
    private const int FewChannels = 3;

    // Floats of columns at a time, unless one image needs more.
    private const int ColumnLimit = 1 << 22;

    /// <summary>y = convolution of x with weight, plus bias.</summary>
    public static void Forward(Device device, in ConvolutionShape s, ArrayView<float> x, ArrayView<float> weight, ArrayView<float>? bias, ArrayView<float> y, ProductVariant? variant = null)
    {
        // y[oc, (n, oh, ow)] = weight[oc, (ic, kh, kw)] patches[(ic, kh, kw), (n, oh, ow)]
        var product = s.IsMatrixProduct
            ? new Product(
                1, s.OutChannels, s.Batch, s.PatchSize, ProductOperand.Matrix(s.PatchSize, 1), ProductOperand.Matrix(s.PatchSize, 1),
                ProductOperand.Matrix(1, s.OutChannels), BiasOfRows(bias))
            : new Product(
                1, s.OutChannels, s.Batch * s.OutPositions, s.PatchSize, ProductOperand.Matrix(s.PatchSize, 1), Patches(s),
                Images(s.OutChannels, s.OutPositions), BiasOfRows(bias));
        DeviceProduct.Run(device, product, weight, x, bias ?? y, y, variant);
    }

    /// <summary>dx = gradient with respect to x, plus bias.</summary>
    public static void BackwardData(Device device, in ConvolutionShape s, ArrayView<float> dy, ArrayView<float> weight, ArrayView<float>? bias, ArrayView<float> dx, ProductVariant? variant = null)
    {
        if (s.IsMatrixProduct && bias is null)
        {
            // dx[n, (ic, kh, kw)] = dy[n, oc] weight[oc, (ic, kh, kw)]
            var product = new Product(
                1, s.Batch, s.PatchSize, s.OutChannels, ProductOperand.Matrix(s.OutChannels, 1), ProductOperand.Matrix(1, s.PatchSize),
                ProductOperand.Matrix(s.PatchSize, 1), ProductBias.None);
            DeviceProduct.Run(device, product, dy, weight, dx, dx, variant);
            return;
        }

        if (s.InChannels <= FewChannels)
        {
            BackwardDataByColumns(device, s, dy, weight, bias, dx, variant);
            return;
        }

        for (var row = 0; row < Math.Min(s.StrideHeight, s.InHeight); row++)
        {
            for (var column = 0; column < Math.Min(s.StrideWidth, s.InWidth); column++)
            {
                DeviceProduct.Run(device, Phase(s, row, column, bias), weight, dy, bias ?? dx, dx, variant);
            }
        }
    }

    /// <summary>dWeight = gradient with respect to the weight.</summary>
    public static void BackwardWeight(Device device, in ConvolutionShape s, ArrayView<float> x, ArrayView<float> dy, ArrayView<float> dWeight, ProductVariant? variant = null)
    {
        // dWeight[oc, (ic, kh, kw)] = dy[oc, (n, oh, ow)] patches[(n, oh, ow), (ic, kh, kw)]
        var product = s.IsMatrixProduct
            ? new Product(
                1, s.OutChannels, s.PatchSize, s.Batch, ProductOperand.Matrix(1, s.OutChannels), ProductOperand.Matrix(1, s.PatchSize),
                ProductOperand.Matrix(s.PatchSize, 1), ProductBias.None)
            : new Product(
                1, s.OutChannels, s.PatchSize, s.Batch * s.OutPositions, Images(s.OutChannels, s.OutPositions), Patches(s).Transposed,
                ProductOperand.Matrix(s.PatchSize, 1), ProductBias.None);
        DeviceProduct.Run(device, product, dy, x, dWeight, dWeight, variant);
    }

    // columns[(ic, kh, kw), (n, oh, ow)] = weight[oc, (ic, kh, kw)] dy[oc, (n, oh, ow)], which are then added up where they meet.
    private static void BackwardDataByColumns(Device device, in ConvolutionShape s, ArrayView<float> dy, ArrayView<float> weight, ArrayView<float>? bias, ArrayView<float> dx, ProductVariant? variant)
    {
        var imageColumns = Math.Max(1, s.PatchSize * s.OutPositions);
        var images = Math.Clamp(ColumnLimit / imageColumns, 1, Math.Max(1, s.Batch));
        using var columns = device.Allocate<float>(checked(images * imageColumns));
        for (var first = 0; first < s.Batch; first += images)
        {
            var part = s with { Batch = Math.Min(images, s.Batch - first) };
            var positions = part.Batch * s.OutPositions;
            var product = new Product(
                1, s.PatchSize, positions, s.OutChannels, ProductOperand.Matrix(1, s.PatchSize), Images(s.OutChannels, s.OutPositions).Transposed,
                ProductOperand.Matrix(positions, 1), ProductBias.None);
            var result = dx.SubView((long)first * s.InChannels * s.InHeight * s.InWidth);
            DeviceProduct.Run(device, product, weight, dy.SubView((long)first * s.OutChannels * s.OutPositions), columns, columns, variant);
            FoldColumnsKernels.LaunchFoldColumns(
                device, part.Batch * s.InChannels * s.InHeight * s.InWidth, part, columns, bias ?? dx, bias is not null, result);
        }
    }

    // The input positions of one phase, every Stride-th in each direction, are reached by the same taps:
    // dx[ic, (n, ih, iw)] = weight[ic, (oc, kh, kw)] patches of dy[(oc, kh, kw), (n, ih, iw)]
    private static Product Phase(in ConvolutionShape s, int row, int column, ArrayView<float>? bias)
    {
        var vertical = PhaseAxis.Of(row, s.InHeight, s.KernelHeight, s.StrideHeight, s.PaddingHeight, s.DilationHeight);
        var horizontal = PhaseAxis.Of(column, s.InWidth, s.KernelWidth, s.StrideWidth, s.PaddingWidth, s.DilationWidth);
        var positions = vertical.Count * horizontal.Count;
        var taps = vertical.Taps * horizontal.Taps;
        var weights = new ProductOperand(
            ProductAxis.Plain(s.Taps),
            new ProductAxis(s.PatchSize, vertical.Taps, horizontal.Taps, vertical.FirstTap, vertical.TapStep, horizontal.FirstTap, horizontal.TapStep),
            s.KernelHeight, s.KernelWidth, 0);
        var patches = new ProductOperand(
            new ProductAxis(s.OutChannels * s.OutPositions, vertical.Count, horizontal.Count, vertical.Start, 1, horizontal.Start, 1),
            new ProductAxis(s.OutPositions, vertical.Taps, horizontal.Taps, 0, vertical.Advance, 0, horizontal.Advance),
            s.OutHeight, s.OutWidth, 0);
        var images = new ProductOperand(
            ProductAxis.Plain(s.InHeight * s.InWidth),
            new ProductAxis(
                s.InChannels * s.InHeight * s.InWidth, vertical.Count, horizontal.Count, vertical.First, vertical.Step, horizontal.First, horizontal.Step),
            s.InHeight, s.InWidth, 0);
        return new Product(1, s.InChannels, s.Batch * positions, s.OutChannels * taps, weights, patches, images, BiasOfRows(bias));
    }

    // x by output position (lines) and tap (depth).
    private static ProductOperand Patches(in ConvolutionShape s) => new(
        new ProductAxis(
            s.InChannels * s.InHeight * s.InWidth, s.OutHeight, s.OutWidth, -s.PaddingHeight, s.StrideHeight, -s.PaddingWidth, s.StrideWidth),
        new ProductAxis(s.InHeight * s.InWidth, s.KernelHeight, s.KernelWidth, 0, s.DilationHeight, 0, s.DilationWidth),
        s.InHeight, s.InWidth, 0);

    // Images [n, channels, positions] by channel (lines) and by image and position (depth).
    private static ProductOperand Images(int channels, int positions) =>
        new(ProductAxis.Plain(positions), new ProductAxis(channels * positions, 1, positions, 0, 0, 0, 1), 1, positions, 0);

    private static ProductBias BiasOfRows(ArrayView<float>? bias) => bias is null ? ProductBias.None : ProductBias.Rows;
}
