using Crypson.Kernels;

namespace Crypson;

internal static partial class MatMulKernels
{
    /// <summary>y = a b + bias, all of it at once; a and b are read with any steps, so that either may be transposed.</summary>
    /// <param name="bias">One number per column; read only with <paramref name="hasBias"/>.</param>
    public static void Launch(
        Device device, int batch, int m, int n, int k, ArrayView<float> a, int aRow, int aColumn, ArrayView<float> b, int bRow, int bColumn,
        ArrayView<float> y, ArrayView<float> bias, bool hasBias) =>
        LaunchMatMul(
            device, new KernelConfig(((n + Tile - 1) / Tile, (m + Tile - 1) / Tile, batch), (Tile, Tile, 1)),
            a, aRow, aColumn, b, bRow, bColumn, y, bias, hasBias, m, n, k);
}
