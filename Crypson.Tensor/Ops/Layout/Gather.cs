namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>
    /// Picks along an axis: for axis 0 of a matrix, <c>y[i, j] = x[index[i, j], j]</c> (PyTorch's gather). The index has
    /// the tensor's rank and its sizes outside the axis. Gradient: scatter-add.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside the axis.</exception>
    public Tensor Gather(int axis, IndexTensor index)
    {
        axis = CheckIndex("gather", axis, index);
        var y = Empty(index.Shape, Device);
        LaunchIndexed(axis, index, this, y, false);
        return Record("gather", y, [this], dy =>
        {
            var dx = Zeros(Shape, Device);
            LaunchIndexed(axis, index, dx, dy, true);
            return [dx];
        });
    }

    /// <summary>
    /// A copy to which values are added at indexed places: for axis 0 of a matrix, <c>y[index[i, j], j] += source[i, j]</c>
    /// (PyTorch's scatter_add). Additions run in the order of the source.
    /// </summary>
    public Tensor ScatterAdd(int axis, IndexTensor index, Tensor source)
    {
        axis = CheckIndex("scatter add", axis, index);
        SameDevice("scatter add", this, source);
        if (source.Shape != index.Shape)
        {
            throw new ArgumentException($"scatter add: the source has shape {source.Shape}, the index {index.Shape}");
        }

        var y = Clone();
        LaunchIndexed(axis, index, y, source, true);
        return Record("scatter add", y, [this, source], dy => [dy, source.RequiresGrad ? dy.Gather(axis, index) : null]);
    }

    /// <summary>
    /// Rows of a table [rows, width]: the result has the index's shape with width appended. Gradient: rows added in the
    /// order of the index.
    /// </summary>
    public Tensor Embedding(IndexTensor index)
    {
        if (Rank != 2)
        {
            throw new ArgumentException($"embedding: the table must be [rows, width], not {Shape}");
        }

        RequireDevice("embedding", index);
        index.RequireBelow("embedding", Shape[0]);
        var width = Shape[1];
        var y = Empty((Shape)(int[])[.. index.Shape.Sizes, width], Device);
        var piece = Pieces.Length(Device, width);
        var pieces = Pieces.Divide(width, piece);
        if (Device is CpuDevice)
        {
            Device.Launch(new EmbeddingKernel(Storage, index.Storage, y.Storage, width), width == 0 ? 0 : index.Count);
        }
        else
        {
            GatherKernels.LaunchEmbedding(Device, index.Count * pieces, View, index.View, y.View, width, piece);
        }

        return Record("embedding", y, [this], dy =>
        {
            if (Device is not CpuDevice)
            {
                var gathered = EmptyLike();
                GatherKernels.LaunchEmbeddingBackward(Device, Shape[0] * pieces, index.View, dy.View, gathered.View, index.Count, width, piece);
                return [gathered];
            }

            var dx = Zeros(Shape, Device);
            var groups = Pieces.Divide(width, EmbeddingGradientKernel.Columns);
            Device.Launch(new EmbeddingGradientKernel(dx.Storage, index.Storage, dy.Storage, width, index.Count), groups);
            return [dx];
        });
    }

    private void RequireDevice(string op, IndexTensor index)
    {
        if (index.Device != Device)
        {
            throw new ArgumentException($"{op}: operands are on different devices: {Device} and {index.Device}; move one with To(device)");
        }
    }

    private int CheckIndex(string op, int axis, IndexTensor index)
    {
        axis = Shape.Axis(op, axis);
        RequireDevice(op, index);

        if (index.Shape.Rank != Rank || index.Shape.With(axis, 0) != Shape.With(axis, 0))
        {
            throw new ArgumentException($"{op}: the index has shape {index.Shape}, which does not fit {Shape} outside axis {axis}");
        }

        index.RequireBelow(op, Shape[axis]);
        return axis;
    }

    private static void LaunchIndexed(int axis, IndexTensor index, Tensor table, Tensor picked, bool add)
    {
        var inner = table.Shape.Product(axis + 1, table.Rank);
        if (table.Device is not CpuDevice)
        {
            if (add)
            {
                GatherKernels.LaunchScatterAdd(
                    table.Device, index.Count == 0 ? 0 : table.Count, table.View, index.View, picked.View, table.Shape[axis], index.Shape[axis], inner);
            }
            else
            {
                GatherKernels.LaunchGather(table.Device, index.Count, table.View, index.View, picked.View, table.Shape[axis], index.Shape[axis], inner);
            }

            return;
        }

        var kernel = new IndexedKernel(index.Storage, table.Storage, picked.Storage, table.Shape[axis], index.Shape[axis], inner, add);
        table.Device.Launch(kernel, table.Shape.Product(0, axis));
    }

    private readonly unsafe struct IndexedKernel(
        Storage index, Storage table, Storage picked, int tableLength, int indexLength, int inner, bool add) : IKernel
    {
        public void Execute(int group)
        {
            var start = (long)group * indexLength * inner;
            var tableStart = table.Floats + ((long)group * tableLength * inner);
            for (var j = 0; j < indexLength; j++)
            {
                for (var i = 0; i < inner; i++)
                {
                    var at = start + ((long)j * inner) + i;
                    var element = tableStart + ((long)index.Integers[at] * inner) + i;
                    if (add)
                    {
                        *element += picked.Floats[at];
                    }
                    else
                    {
                        picked.Floats[at] = *element;
                    }
                }
            }
        }
    }

    private readonly unsafe struct EmbeddingKernel(Storage table, Storage index, Storage y, int width) : IKernel
    {
        public void Execute(int group) => new ReadOnlySpan<float>(table.Floats + ((long)index.Integers[group] * width), width)
            .CopyTo(new Span<float>(y.Floats + ((long)group * width), width));
    }

    // Each group owns some columns, so equal indices never meet on two threads.
    private readonly unsafe struct EmbeddingGradientKernel(Storage dx, Storage index, Storage dy, int width, int count) : IKernel
    {
        public const int Columns = 256;

        public void Execute(int group)
        {
            var (begin, end) = (group * Columns, Math.Min(width, (group + 1) * Columns));
            for (var row = 0; row < count; row++)
            {
                var to = dx.Floats + ((long)index.Integers[row] * width);
                var from = dy.Floats + ((long)row * width);
                for (var i = begin; i < end; i++)
                {
                    to[i] += from[i];
                }
            }
        }
    }
}
