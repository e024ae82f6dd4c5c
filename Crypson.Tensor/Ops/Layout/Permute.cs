namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>The tensor with two axes swapped; the last two unless named. Copies.</summary>
    public Tensor Transpose(int axis0 = -2, int axis1 = -1)
    {
        var order = Enumerable.Range(0, Rank).ToArray();
        axis0 = Shape.Axis("transpose", axis0);
        axis1 = Shape.Axis("transpose", axis1);
        (order[axis0], order[axis1]) = (order[axis1], order[axis0]);
        return Permute(order);
    }

    /// <summary>The tensor with its axes in another order: axis i of the result is axis <c>order[i]</c>. Copies.</summary>
    /// <exception cref="ArgumentException">The order does not name every axis once.</exception>
    public Tensor Permute(ReadOnlySpan<int> order)
    {
        var axes = new int[Rank];
        var inverse = new int[Rank];
        var seen = new bool[Rank];
        if (order.Length != Rank)
        {
            throw new ArgumentException($"permute: {order.Length} axes given for shape {Shape}");
        }

        for (var i = 0; i < Rank; i++)
        {
            var axis = Shape.Axis("permute", order[i]);
            if (seen[axis])
            {
                throw new ArgumentException($"permute: axis {axis} is named twice");
            }

            seen[axis] = true;
            axes[i] = axis;
            inverse[axis] = i;
        }

        var sizes = Array.ConvertAll(axes, axis => Shape[axis]);
        var strides = Array.ConvertAll(axes, axis => Shape.Product(axis + 1, Rank));
        var y = Empty(sizes, Device);
        if (Device is CpuDevice)
        {
            Device.Launch(new PermuteKernel(Storage, y.Storage, sizes, strides, Count), Unary.Groups(Count));
        }
        else
        {
            PermuteKernels.LaunchPermute(Device, Count, PermutedAxes(sizes, strides), View, y.View);
        }

        return Record("permute", y, [this], dy => [dy.Permute(inverse)]);
    }

    // Axes of the result that are neighbours in the operand too are one axis for the kernel.
    private static BroadcastAxes PermutedAxes(int[] sizes, int[] strides)
    {
        var axes = new List<BroadcastAxis>();
        for (var i = sizes.Length - 1; i >= 0; i--)
        {
            if (axes.Count > 0 && strides[i] == axes[^1].StepA * axes[^1].Size)
            {
                axes[^1] = new BroadcastAxis { Size = axes[^1].Size * sizes[i], StepA = axes[^1].StepA };
            }
            else if (sizes[i] != 1)
            {
                axes.Add(new BroadcastAxis { Size = sizes[i], StepA = strides[i] });
            }
        }

        return axes.Count <= BroadcastAxes.Most
            ? new BroadcastAxes { Inner = Axis(0), Second = Axis(1), Third = Axis(2), Fourth = Axis(3) }
            : throw new NotSupportedException($"permute: kernels of devices step over at most {BroadcastAxes.Most} axes, this needs {axes.Count}; move the operand with To(Device.Cpu)");

        BroadcastAxis Axis(int number) => number < axes.Count ? axes[number] : new BroadcastAxis { Size = 1 };
    }

    private readonly unsafe struct PermuteKernel(Storage x, Storage y, int[] sizes, int[] strides, int count) : IKernel
    {
        public void Execute(int group)
        {
            var begin = group * Unary.Chunk;
            var end = Math.Min(count, begin + Unary.Chunk);
            Span<int> index = stackalloc int[sizes.Length];
            var offset = 0;
            var rest = begin;
            for (var axis = sizes.Length - 1; axis >= 0; axis--)
            {
                index[axis] = rest % sizes[axis];
                rest /= sizes[axis];
                offset += index[axis] * strides[axis];
            }

            for (var i = begin; i < end; i++)
            {
                y.Floats[i] = x.Floats[offset];
                for (var axis = sizes.Length - 1; axis >= 0; axis--)
                {
                    offset += strides[axis];
                    if (++index[axis] < sizes[axis])
                    {
                        break;
                    }

                    offset -= strides[axis] * sizes[axis];
                    index[axis] = 0;
                }
            }
        }
    }
}
