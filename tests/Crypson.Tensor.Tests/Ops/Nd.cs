using MathNet.Numerics.LinearAlgebra;

namespace Crypson.Tests.Ops;

/// <summary>A double-precision array in row-major order: the plain reference that every operation is compared with.</summary>
public sealed class Nd(double[] values, int[] shape)
{
    public double[] Values { get; } = values;

    public int[] Shape { get; } = shape;

    public int Rank => Shape.Length;

    public double this[params int[] index]
    {
        get => Values[Offset(index)];
        set => Values[Offset(index)] = value;
    }

    public static Nd Of(Tensor tensor) => new(Array.ConvertAll(tensor.ToArray(), value => (double)value), tensor.Shape.ToArray());

    public static Nd Zeros(params int[] shape) => new(new double[Product(shape)], shape);

    public static Nd Scalar(double value) => new([value], []);

    /// <summary>An array whose element at each index is what the function gives.</summary>
    public static Nd Fill(int[] shape, Func<int[], double> value)
    {
        var result = Zeros(shape);
        foreach (var index in Indices(shape))
        {
            result[index] = value(index);
        }

        return result;
    }

    /// <summary>All indices of a shape, the last axis fastest.</summary>
    public static IEnumerable<int[]> Indices(int[] shape)
    {
        var count = Product(shape);
        for (var i = 0; i < count; i++)
        {
            var index = new int[shape.Length];
            var rest = i;
            for (var axis = shape.Length - 1; axis >= 0; axis--)
            {
                index[axis] = rest % shape[axis];
                rest /= shape[axis];
            }

            yield return index;
        }
    }

    public Nd Map(Func<double, double> function) => new(Array.ConvertAll(Values, value => function(value)), Shape);

    /// <summary>A function of two arrays with NumPy's broadcasting.</summary>
    public static Nd Zip(Nd a, Nd b, Func<double, double, double> function)
    {
        var rank = Math.Max(a.Rank, b.Rank);
        var shape = new int[rank];
        for (var i = 1; i <= rank; i++)
        {
            var (left, right) = (i <= a.Rank ? a.Shape[^i] : 1, i <= b.Rank ? b.Shape[^i] : 1);
            shape[^i] = left == 1 ? right : left;
        }

        return Fill(shape, index => function(a[a.Stretched(index)], b[b.Stretched(index)]));
    }

    public Nd BroadcastTo(int[] shape) => Zip(this, Zeros(shape), (x, _) => x);

    /// <summary>Joins the elements along some axes, which keep the size 1.</summary>
    public Nd Reduce(int[] axes, double start, Func<double, double, double> join)
    {
        var shape = Shape.Select((size, axis) => axes.Contains(axis) ? 1 : size).ToArray();
        var result = Zeros(shape).Map(_ => start);
        foreach (var index in Indices(Shape))
        {
            var at = index.Select((i, axis) => axes.Contains(axis) ? 0 : i).ToArray();
            result[at] = join(result[at], this[index]);
        }

        return result;
    }

    public Nd Sum(params int[] axes) => Reduce(axes, 0, (sum, x) => sum + x);

    public Nd Mean(params int[] axes) => Sum(axes).Map(sum => sum / axes.Aggregate(1, (count, axis) => count * Shape[axis]));

    public Nd Max(params int[] axes) => Reduce(axes, double.NegativeInfinity, Math.Max);

    /// <summary>All elements as a vector's only axis.</summary>
    public Nd Flat() => Reshape(Values.Length);

    public Nd Reshape(params int[] shape) => new([.. Values], shape);

    /// <summary>The same without an axis of size 1.</summary>
    public Nd Squeeze(int axis) => Reshape([.. Shape[..axis], .. Shape[(axis + 1)..]]);

    public Nd Permute(params int[] order) => Fill(
        [.. order.Select(axis => Shape[axis])],
        index => this[[.. Enumerable.Range(0, Rank).Select(axis => index[Array.IndexOf(order, axis)])]]);

    public Nd Slice(int axis, int start, int length) => Fill(
        [.. Shape.Select((size, i) => i == axis ? length : size)],
        index => this[[.. index.Select((at, i) => i == axis ? at + start : at)]]);

    public static Nd operator +(Nd a, Nd b) => Zip(a, b, (x, y) => x + y);

    public static Nd operator -(Nd a, Nd b) => Zip(a, b, (x, y) => x - y);

    public static Nd operator *(Nd a, Nd b) => Zip(a, b, (x, y) => x * y);

    public static Nd operator /(Nd a, Nd b) => Zip(a, b, (x, y) => x / y);

    /// <summary>The product of the last two axes (MathNet's), the others being a batch with broadcasting.</summary>
    public static Nd MatMul(Nd a, Nd b, bool transposeA, bool transposeB)
    {
        var batch = Zip(a.FirstOfMatrices(), b.FirstOfMatrices(), (x, _) => x).Shape;
        Nd? result = null;
        foreach (var index in Indices(batch))
        {
            var left = a.MatrixAt(index);
            var right = b.MatrixAt(index);
            var product = (transposeA ? left.Transpose() : left) * (transposeB ? right.Transpose() : right);
            result ??= Zeros([.. batch, product.RowCount, product.ColumnCount]);
            for (var i = 0; i < product.RowCount; i++)
            {
                for (var j = 0; j < product.ColumnCount; j++)
                {
                    result[[.. index, i, j]] = product[i, j];
                }
            }
        }

        return result!;
    }

    private static int Product(int[] shape) => shape.Aggregate(1, (a, b) => a * b);

    private Nd FirstOfMatrices() => Zeros(Shape[..^2]);

    private Matrix<double> MatrixAt(int[] batch)
    {
        var at = Zeros(Shape[..^2]).Stretched(batch);
        return Matrix<double>.Build.Dense(Shape[^2], Shape[^1], (i, j) => this[[.. at, i, j]]);
    }

    // An index of a broadcast result as one of this operand.
    private int[] Stretched(int[] index) =>
        [.. Shape.Select((size, axis) => size == 1 ? 0 : index[axis + index.Length - Rank])];

    private int Offset(int[] index)
    {
        var offset = 0;
        for (var axis = 0; axis < Rank; axis++)
        {
            offset = (offset * Shape[axis]) + index[axis];
        }

        return offset;
    }
}
