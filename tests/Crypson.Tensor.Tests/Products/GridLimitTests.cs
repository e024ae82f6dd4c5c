using Crypson.Kernels;

namespace Crypson.Tests.Products;

/// <summary>CUDA allows 65535 groups on the Y and Z axes of a launch; there was one for each 64 rows and each matrix of a batch.</summary>
public sealed class GridLimitTests
{
    [Theory]
    [InlineData(1, 5_000_000, 100, 32)]
    [InlineData(1, 100, 5_000_000, 32)]
    [InlineData(65_536, 8, 8, 8)]
    [InlineData(200_000, 8, 8, 8)]
    [InlineData(65_535, 8, 8, 8)]
    public void Tiles_keep_to_the_limits_and_cover_the_product(int batch, int m, int n, int k)
    {
        using var device = new GridRecorder();
        var memory = new ArrayView<float>(device.Allocate(4), 0, int.MaxValue);
        var product = new Product(
            batch, m, n, k, ProductOperand.Matrix(k, 1, batch == 1 ? 0 : m * k), ProductOperand.Matrix(1, n, batch == 1 ? 0 : n * k),
            ProductOperand.Matrix(n, 1, batch == 1 ? 0 : m * n), ProductBias.None);
        DeviceProduct.Run(device, product, memory, memory, memory, memory, ProductVariant.Tiles);
        Assert.All(device.Grids, grid => Assert.True(grid.Y <= 65_535 && grid.Z <= 65_535, $"{grid}"));
        Assert.Equal(
            (long)batch * ((m + 63) / 64) * ((n + 63) / 64), device.Grids.Sum(grid => (long)grid.X * grid.Y * grid.Z));
    }
}
