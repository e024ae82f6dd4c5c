using System.Numerics;
using System.Runtime.Intrinsics;

namespace Crypson;

/// <summary>
/// Sums over any set of axes. Neighbouring axes that are kept or summed alike are merged first. Every sum runs in an
/// order fixed by the shape: short runs of float additions, joined in double precision (contiguous) or in blocks of
/// rows, so that the error grows with the square root of the length at most.
/// </summary>
internal static unsafe class Reduction
{
    private const int RowBlock = 32;
    private const int ColumnChunk = 1024;

    /// <summary>The sum over the axes marked true; those axes have size 1 in the result's full shape.</summary>
    public static Tensor Sum(Tensor x, bool[] summed, Shape resultShape)
    {
        var y = Tensor.Empty(resultShape, x.Device);
        if (y.Count == 0)
        {
            return y;
        }

        if (x.Count == 0)
        {
            y.Fill(0);
            return y;
        }

        var (kept, reduced, innerIsSummed) = Merge(x.Shape, summed);
        if (x.Device is not CpuDevice)
        {
            SumOnDevice(x, y, reduced);
        }
        else if (innerIsSummed)
        {
            var elementsPerGroup = Math.Max(1, Unary.Chunk / Math.Max(1, x.Count / y.Count));
            x.Device.Launch(new ContiguousKernel(x.Storage, y.Storage, kept, reduced, y.Count, elementsPerGroup), (y.Count + elementsPerGroup - 1) / elementsPerGroup);
        }
        else
        {
            var columns = kept[0].Size;
            var chunks = (columns + ColumnChunk - 1) / ColumnChunk;
            x.Device.Launch(new RowsKernel(x.Storage, y.Storage, kept, reduced, columns, chunks), y.Count / columns * chunks);
        }

        return y;
    }

    // One axis after another, the innermost first.
    private static void SumOnDevice(Tensor x, Tensor y, Axis[] axes)
    {
        if (axes.Length == 0)
        {
            ElementwiseKernels.LaunchCopy(x.Device, x.Count, x.View, y.View);
            return;
        }

        var source = x;
        for (var i = 0; i < axes.Length; i++)
        {
            // The strides of axes further out have shrunk by the axes that are gone.
            var inner = axes[i].Stride;
            for (var j = 0; j < i; j++)
            {
                inner /= axes[j].Size;
            }

            var target = i == axes.Length - 1 ? y : Tensor.Empty([source.Count / axes[i].Size], x.Device);
            DeviceSum.Run(source, target, axes[i].Size, inner);
            if (source != x)
            {
                source.Dispose();
            }

            source = target;
        }
    }

    /// <summary>The sum of a contiguous run, in double precision over short runs of floats.</summary>
    public static double SumRun(float* x, int count)
    {
        var total = 0.0;
        var i = 0;
        while (count - i >= 4 * Vector<float>.Count)
        {
            Vector<float> a = default, b = default, c = default, d = default;
            var stop = Math.Min(count, i + (64 * Vector<float>.Count)) - (4 * Vector<float>.Count);
            for (; i <= stop; i += 4 * Vector<float>.Count)
            {
                a += Vector.Load(x + i);
                b += Vector.Load(x + i + Vector<float>.Count);
                c += Vector.Load(x + i + (2 * Vector<float>.Count));
                d += Vector.Load(x + i + (3 * Vector<float>.Count));
            }

            total += Vector.Sum((a + b) + (c + d));
        }

        if (count - i >= Vector<float>.Count)
        {
            Vector<double> rest = default;
            for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector.Widen(Vector.Load(x + i), out var lower, out var upper);
                rest += lower + upper;
            }

            total += Vector.Sum(rest);
        }

        for (; i <= count - Vector128<float>.Count; i += Vector128<float>.Count)
        {
            var (lower, upper) = Vector128.Widen(Vector128.Load(x + i));
            total += Vector128.Sum(lower + upper);
        }

        for (; i < count; i++)
        {
            total += x[i];
        }

        return total;
    }

    private static (Axis[] Kept, Axis[] Summed, bool InnerIsSummed) Merge(Shape shape, bool[] summed)
    {
        var (kept, reduced) = (new List<Axis>(), new List<Axis>());
        var stride = 1;
        bool? last = null;
        bool? inner = null;
        for (var i = shape.Rank - 1; i >= 0; i--)
        {
            var size = shape[i];
            if (size != 1)
            {
                var list = summed[i] ? reduced : kept;
                inner ??= summed[i];
                if (last == summed[i])
                {
                    list[^1] = list[^1] with { Size = list[^1].Size * size };
                }
                else
                {
                    list.Add(new Axis(size, stride));
                }

                last = summed[i];
            }

            stride *= size;
        }

        return ([.. kept], [.. reduced], inner ?? true);
    }

    // The offset of combination number `index` of some axes, innermost first.
    private static int Offset(ReadOnlySpan<Axis> axes, int index)
    {
        var offset = 0;
        foreach (var axis in axes)
        {
            offset += index % axis.Size * axis.Stride;
            index /= axis.Size;
        }

        return offset;
    }

    private static int Combinations(ReadOnlySpan<Axis> axes)
    {
        var count = 1;
        foreach (var axis in axes)
        {
            count *= axis.Size;
        }

        return count;
    }

    private readonly record struct Axis(int Size, int Stride);

    private readonly struct ContiguousKernel(Storage x, Storage y, Axis[] kept, Axis[] reduced, int count, int perGroup) : IKernel
    {
        public void Execute(int group)
        {
            var run = reduced.Length == 0 ? 1 : reduced[0].Size;
            var outer = reduced.AsSpan(Math.Min(1, reduced.Length));
            var runs = Combinations(outer);
            for (var i = group * perGroup; i < Math.Min(count, (group + 1) * perGroup); i++)
            {
                var start = x.Floats + Offset(kept, i);
                var sum = 0.0;
                for (var r = 0; r < runs; r++)
                {
                    sum += SumRun(start + Offset(outer, r), run);
                }

                y.Floats[i] = (float)sum;
            }
        }
    }

    private readonly struct RowsKernel(Storage x, Storage y, Axis[] kept, Axis[] reduced, int columns, int chunks) : IKernel
    {
        public void Execute(int group)
        {
            var (outer, chunk) = (group / chunks, group % chunks);
            var begin = chunk * ColumnChunk;
            var width = Math.Min(columns - begin, ColumnChunk);
            var start = x.Floats + Offset(kept.AsSpan(1), outer) + begin;
            var total = new Span<float>(y.Floats + (outer * columns) + begin, width);
            total.Clear();
            Span<float> block = stackalloc float[width];
            var rows = Combinations(reduced);
            for (var row = 0; row < rows; row += RowBlock)
            {
                block.Clear();
                for (var r = row; r < Math.Min(rows, row + RowBlock); r++)
                {
                    Add(block, new ReadOnlySpan<float>(start + Offset(reduced, r), width));
                }

                Add(total, block);
            }
        }

        private static void Add(Span<float> sum, ReadOnlySpan<float> values)
        {
            fixed (float* ps = sum, pv = values)
            {
                var i = 0;
                for (; i <= sum.Length - Vector<float>.Count; i += Vector<float>.Count)
                {
                    Vector.Store(Vector.Load(ps + i) + Vector.Load(pv + i), ps + i);
                }

                for (; i < sum.Length; i++)
                {
                    ps[i] += pv[i];
                }
            }
        }
    }
}
