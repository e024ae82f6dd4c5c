using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Crypson.Cpu.Products;

/// <summary>
/// y = M x for a matrix whose rows or whose columns are contiguous: bound by reading M once, so nothing is packed. One
/// group is a block of rows, summed in an order that depends on the shape only.
/// </summary>
internal readonly unsafe struct VectorProduct : IKernel
{
    // Elements of M that make a group of contiguous rows, and rows that make a group of contiguous columns.
    private const int GroupElements = 1 << 16;
    private const int GroupRows = 512;

    private readonly int rows;
    private readonly int depth;
    private readonly float* matrix;
    private readonly nint rowStride;
    private readonly nint columnStride;
    private readonly float* x;
    private readonly float* y;
    private readonly nint yStride;
    private readonly float* bias;
    private readonly nint biasStride;
    private readonly bool accumulate;
    private readonly int rowsPerGroup;

    private VectorProduct(
        int rows,
        int depth,
        float* matrix,
        nint rowStride,
        nint columnStride,
        float* x,
        nint xStride,
        float* y,
        nint yStride,
        float* bias,
        nint biasStride,
        bool accumulate)
    {
        this.rows = rows;
        this.depth = depth;
        this.matrix = matrix;
        this.rowStride = rowStride;
        this.columnStride = columnStride;
        this.x = xStride == 1 ? x : Gather(x, xStride, depth);
        this.y = y;
        this.yStride = yStride;
        this.bias = bias;
        this.biasStride = biasStride;
        this.accumulate = accumulate;
        rowsPerGroup = columnStride == 1 ? Math.Max(4, GroupElements / Math.Max(depth, 1) / 4 * 4) : GroupRows;
    }

    /// <summary>Whether <see cref="Run"/> can read a matrix with these strides.</summary>
    public static bool Suits(int rowStride, int columnStride) => rowStride == 1 || columnStride == 1;

    /// <summary>
    /// y[i * yStride] = sum over k of matrix[i * rowStride + k * columnStride] * x[k * xStride], plus the bias
    /// bias[i * biasStride] where one is given, plus the old y when accumulating.
    /// </summary>
    public static void Run(
        int rows,
        int depth,
        float* matrix,
        nint rowStride,
        nint columnStride,
        float* x,
        nint xStride,
        float* y,
        nint yStride,
        float* bias,
        nint biasStride,
        bool accumulate)
    {
        var kernel = new VectorProduct(
            rows, depth, matrix, rowStride, columnStride, x, xStride, y, yStride, bias, biasStride, accumulate);
        PackedProduct.Launch(kernel, (rows + kernel.rowsPerGroup - 1) / kernel.rowsPerGroup, (long)rows * depth);
    }

    public void Execute(int group)
    {
        var row = group * rowsPerGroup;
        var count = Math.Min(rowsPerGroup, rows - row);
        if (columnStride == 1)
        {
            var i = row;
            for (; i <= row + count - 4; i += 4)
            {
                WriteFour(i, matrix + i * rowStride);
            }

            for (; i < row + count; i++)
            {
                Write(i, Dot(matrix + i * rowStride, x, depth));
            }
        }
        else
        {
            WriteColumns(row, count);
        }
    }

    private static float* Gather(float* x, nint stride, int count)
    {
        var copy = ThreadScratch.Current.Floats(ScratchSlot.Vector, count);
        for (var i = 0; i < count; i++)
        {
            copy[i] = x[i * stride];
        }

        return copy;
    }

    private static double Dot(float* row, float* x, int depth)
    {
        var sum = Vector256<float>.Zero;
        var k = 0;
        for (; k <= depth - 8; k += 8)
        {
            sum = Vector256.MultiplyAddEstimate(Vector256.Load(row + k), Vector256.Load(x + k), sum);
        }

        return WideSum(sum) + Tail(row, x, k, depth);
    }

    // In double precision: the result is then off by little more than its own rounding.
    private static double WideSum(Vector256<float> lanes)
    {
        var (low, high) = Vector256.Widen(lanes);
        return Vector256.Sum(low + high);
    }

    private static double Tail(float* row, float* x, int k, int depth)
    {
        var sum = 0.0;
        for (; k < depth; k++)
        {
            sum += (double)row[k] * x[k];
        }

        return sum;
    }

    // Four rows at a time: enough additions under way to hide their latency. Each row sums as Dot does.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteFour(int i, float* row)
    {
        var (s0, s1, s2, s3) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        var r1 = row + rowStride;
        var r2 = r1 + rowStride;
        var r3 = r2 + rowStride;
        var k = 0;
        for (; k <= depth - 8; k += 8)
        {
            var v = Vector256.Load(x + k);
            s0 = Vector256.MultiplyAddEstimate(Vector256.Load(row + k), v, s0);
            s1 = Vector256.MultiplyAddEstimate(Vector256.Load(r1 + k), v, s1);
            s2 = Vector256.MultiplyAddEstimate(Vector256.Load(r2 + k), v, s2);
            s3 = Vector256.MultiplyAddEstimate(Vector256.Load(r3 + k), v, s3);
        }

        Write(i, WideSum(s0) + Tail(row, x, k, depth));
        Write(i + 1, WideSum(s1) + Tail(r1, x, k, depth));
        Write(i + 2, WideSum(s2) + Tail(r2, x, k, depth));
        Write(i + 3, WideSum(s3) + Tail(r3, x, k, depth));
    }

    // Rows i to i + count: neighbours in each column of M.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteColumns(int row, int count)
    {
        var sums = stackalloc float[GroupRows];
        new Span<float>(sums, GroupRows).Clear();
        for (var k = 0; k < depth; k++)
        {
            var column = matrix + k * columnStride + row;
            var factor = Vector256.Create(x[k]);
            var i = 0;
            for (; i <= count - 8; i += 8)
            {
                Vector256.MultiplyAddEstimate(factor, Vector256.Load(column + i), Vector256.Load(sums + i)).Store(sums + i);
            }

            for (; i < count; i++)
            {
                sums[i] += x[k] * column[i];
            }
        }

        for (var i = 0; i < count; i++)
        {
            Write(row + i, sums[i]);
        }
    }

    private void Write(int i, double value)
    {
        value += bias == null ? 0 : bias[i * biasStride];
        y[i * yStride] = (float)(accumulate ? y[i * yStride] + value : value);
    }
}
