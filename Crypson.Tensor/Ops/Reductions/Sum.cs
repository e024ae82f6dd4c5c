namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>The sum of all elements, as a scalar.</summary>
    public Tensor Sum() => Sum(Enumerable.Range(0, Rank).ToArray());

    /// <summary>The sum over some axes. Gradient: the result's gradient, repeated.</summary>
    /// <param name="axes">Axes to sum over; negative ones count from the end.</param>
    /// <param name="keepDimensions">Keeps the summed axes with size 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    /// <exception cref="ArgumentException">An axis is named twice.</exception>
    public Tensor Sum(ReadOnlySpan<int> axes, bool keepDimensions = false) => Sum("sum", axes, keepDimensions);

    /// <summary>The mean of all elements, as a scalar.</summary>
    public Tensor Mean() => Sum() / Count;

    /// <summary>The mean over some axes; NaN over no elements.</summary>
    /// <param name="axes">Axes to average over; negative ones count from the end.</param>
    /// <param name="keepDimensions">Keeps those axes with size 1.</param>
    public Tensor Mean(ReadOnlySpan<int> axes, bool keepDimensions = false)
    {
        var sum = Sum("mean", axes, keepDimensions);
        return sum.Count == 0 ? sum : sum / (Count / sum.Count);
    }

    /// <summary>The tensor repeated to a larger shape (NumPy's broadcasting). Gradient: summed back.</summary>
    /// <exception cref="ArgumentException">The shape does not broadcast to the given one.</exception>
    public Tensor BroadcastTo(Shape shape)
    {
        if (shape == Shape)
        {
            return this;
        }

        if (Shape.Broadcast("broadcast to", Shape, shape) != shape)
        {
            throw new ArgumentException($"broadcast to: {Shape} does not broadcast to {shape}");
        }

        return Binary.Apply(this, Zeros(shape, Device), new AddOp());
    }

    /// <summary>Sums a tensor that was broadcast back to a smaller shape.</summary>
    internal Tensor SumTo(Shape shape)
    {
        var summed = new bool[Rank];
        for (var i = 1; i <= Rank; i++)
        {
            summed[Rank - i] = i > shape.Rank || (shape[^i] == 1 && Shape[^i] != 1);
        }

        return Reduction.Sum(this, summed, shape);
    }

    private Tensor Sum(string op, ReadOnlySpan<int> axes, bool keepDimensions)
    {
        var summed = MarkAxes(op, axes);
        var y = Reduction.Sum(this, summed, ReducedShape(summed, keepDimensions));
        var kept = ReducedShape(summed, true);
        return Record("sum", y, [this], dy => [dy.Reshape(kept).BroadcastTo(Shape)]);
    }

    private bool[] MarkAxes(string op, ReadOnlySpan<int> axes)
    {
        var marked = new bool[Rank];
        foreach (var axis in axes)
        {
            ref var mark = ref marked[Shape.Axis(op, axis)];
            if (mark)
            {
                throw new ArgumentException($"{op}: axis {axis} is named twice");
            }

            mark = true;
        }

        return marked;
    }

    private Shape ReducedShape(bool[] reduced, bool keepDimensions)
    {
        var sizes = new List<int>();
        for (var i = 0; i < Rank; i++)
        {
            if (!reduced[i])
            {
                sizes.Add(Shape[i]);
            }
            else if (keepDimensions)
            {
                sizes.Add(1);
            }
        }

        return sizes.ToArray();
    }
}
