namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>
    /// The largest value along an axis; NaN wins. Gradient: all of it to the first element that has the value.
    /// </summary>
    /// <exception cref="ArgumentException">The axis has size 0.</exception>
    public Tensor Max(int axis, bool keepDimensions = false) => Largest("max", axis, keepDimensions);

    /// <summary>
    /// The largest value over some axes; NaN wins. Gradient: all of it to the first element that has the value, in row-major
    /// order, as along one axis (PyTorch's <c>amax</c> shares it between equal elements).
    /// </summary>
    /// <exception cref="ArgumentException">An axis has size 0, or is named twice.</exception>
    public Tensor Max(ReadOnlySpan<int> axes, bool keepDimensions = false) => Largest("max", axes, keepDimensions);

    /// <summary>The largest value of all, as a scalar; NaN wins. Gradient: as over some axes.</summary>
    public Tensor Max() => Reshape([Count]).Largest("max", 0, false);

    /// <summary>The smallest value along an axis; otherwise as <see cref="Max(int, bool)"/>.</summary>
    public Tensor Min(int axis, bool keepDimensions = false) => -(-this).Largest("min", axis, keepDimensions);

    /// <summary>The smallest value over some axes; otherwise as <see cref="Max(ReadOnlySpan{int}, bool)"/>.</summary>
    public Tensor Min(ReadOnlySpan<int> axes, bool keepDimensions = false) => -(-this).Largest("min", axes, keepDimensions);

    /// <summary>The smallest value of all, as a scalar; otherwise as <see cref="Max()"/>.</summary>
    public Tensor Min() => -(-Reshape([Count])).Largest("min", 0, false);

    /// <summary>The position of the first largest value (or first NaN) along an axis, which the result lacks.</summary>
    public IndexTensor ArgMax(int axis)
    {
        var (_, positions) = Extreme("argmax", axis, false);
        var sizes = Shape.ToArray().ToList();
        sizes.RemoveAt(Shape.Axis("argmax", axis));
        return positions.Reshape(sizes.ToArray());
    }

    // The axes are moved to the end and become one.
    private Tensor Largest(string op, ReadOnlySpan<int> axes, bool keepDimensions)
    {
        var marked = MarkAxes(op, axes);
        var order = Enumerable.Range(0, Rank).OrderBy(axis => marked[axis]).ToArray();
        var length = order.Where(axis => marked[axis]).Aggregate(1, (product, axis) => product * Shape[axis]);
        var rows = Permute(order).Reshape([.. ReducedShape(marked, false).ToArray(), length]);
        return rows.Largest(op, -1, false).Reshape(ReducedShape(marked, keepDimensions));
    }

    private Tensor Largest(string op, int axis, bool keepDimensions)
    {
        var (values, positions) = Extreme(op, axis, keepDimensions);
        var kept = Shape.With(Shape.Axis(op, axis), 1);
        return Record(op, values, [this], dy => [Zeros(Shape, Device).ScatterAdd(axis, positions, dy.Reshape(kept))]);
    }

    // Values without the axis (or with size 1), positions with size 1 at the axis.
    private (Tensor Values, IndexTensor Positions) Extreme(string op, int axis, bool keepDimensions)
    {
        axis = Shape.Axis(op, axis);
        var length = Shape[axis];
        if (length == 0)
        {
            throw new ArgumentException($"{op}: axis {axis} of shape {Shape} has no elements");
        }

        var reduced = new bool[Rank];
        reduced[axis] = true;
        var values = Empty(ReducedShape(reduced, keepDimensions), Device);
        var positions = IndexTensor.Empty(Shape.With(axis, 1), length, Device);
        var inner = Shape.Product(axis + 1, Rank);
        if (Device is CpuDevice)
        {
            Device.Launch(new MaxKernel(Storage, values.Storage, positions.Storage, length, inner), Shape.Product(0, axis));
        }
        else
        {
            LaunchExtreme(values, positions, length, inner);
        }

        return (values, positions);
    }

    private void LaunchExtreme(Tensor values, IndexTensor positions, int length, int inner)
    {
        // One work-item joins the parts of a result.
        var cut = AxisCut.Of(Device, values.Count, length, inner, most: 256);
        var parts = cut.Parts;
        if (parts == 1)
        {
            MaxKernels.LaunchMaxPart(Device, values.Count, cut, View, values.View, positions.View);
            return;
        }

        using var partValues = Empty([values.Count, parts], Device);
        using var partPositions = IndexTensor.Empty([values.Count, parts], length, Device);
        MaxKernels.LaunchMaxPart(Device, partValues.Count, cut, View, partValues.View, partPositions.View);
        MaxKernels.LaunchMaxJoin(Device, values.Count, parts, inner, partValues.View, partPositions.View, values.View, positions.View);
    }

    private readonly unsafe struct MaxKernel(Storage x, Storage values, Storage positions, int length, int inner) : IKernel
    {
        public void Execute(int group)
        {
            for (var i = 0; i < inner; i++)
            {
                var start = x.Floats + ((long)group * length * inner) + i;
                var (best, position) = (start[0], 0);
                for (var j = 1; j < length; j++)
                {
                    var value = start[(long)j * inner];
                    if (value > best || (float.IsNaN(value) && !float.IsNaN(best)))
                    {
                        (best, position) = (value, j);
                    }
                }

                values.Floats[((long)group * inner) + i] = best;
                positions.Integers[((long)group * inner) + i] = position;
            }
        }
    }
}
