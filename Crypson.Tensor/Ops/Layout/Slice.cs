namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>Elements <paramref name="start"/> to <paramref name="start"/> + <paramref name="length"/> - 1 along an axis. Copies.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the axis.</exception>
    public Tensor Slice(int axis, int start, int length)
    {
        axis = Shape.Axis("slice", axis);
        if (start < 0 || length < 0 || start > Shape[axis] - length)
        {
            throw new ArgumentOutOfRangeException(nameof(start), $"slice: {start} to {(long)start + length} is outside axis {axis} of shape {Shape}");
        }

        var y = Empty(Shape.With(axis, length), Device);
        CopyBlocks(this, y, axis, start, 0, length);
        return Record("slice", y, [this], dy =>
        {
            var dx = Zeros(Shape, Device);
            CopyBlocks(dy, dx, axis, 0, start, length);
            return [dx];
        });
    }

    /// <summary>Joins tensors along an axis; the other sizes must agree. Gradient: the matching slices.</summary>
    /// <exception cref="ArgumentException">No tensors, or shapes that do not fit.</exception>
    public static Tensor Concat(ReadOnlySpan<Tensor> tensors, int axis = 0)
    {
        if (tensors.Length == 0)
        {
            throw new ArgumentException("concat: no tensors given");
        }

        var inputs = tensors.ToArray();
        var first = inputs[0];
        axis = first.Shape.Axis("concat", axis);
        var total = 0;
        foreach (var tensor in inputs)
        {
            SameDevice("concat", first, tensor);
            if (tensor.Rank != first.Rank || tensor.Shape.With(axis, 0) != first.Shape.With(axis, 0))
            {
                throw new ArgumentException($"concat: shapes differ outside axis {axis}: {first.Shape} and {tensor.Shape}");
            }

            total = checked(total + tensor.Shape[axis]);
        }

        var y = Empty(first.Shape.With(axis, total), first.Device);
        var at = 0;
        foreach (var tensor in inputs)
        {
            CopyBlocks(tensor, y, axis, 0, at, tensor.Shape[axis]);
            at += tensor.Shape[axis];
        }

        return Record("concat", y, inputs, dy =>
        {
            var start = 0;
            return Array.ConvertAll(inputs, input =>
            {
                start += input.Shape[axis];
                return input.RequiresGrad ? dy.Slice(axis, start - input.Shape[axis], input.Shape[axis]) : null;
            });
        });
    }

    private static void CopyBlocks(Tensor from, Tensor to, int axis, int fromStart, int toStart, int length)
    {
        var inner = from.Shape.Product(axis + 1, from.Rank);
        var blocks = length * inner == 0 ? 0 : from.Shape.Product(0, axis);
        if (from.Device is not CpuDevice)
        {
            var piece = Pieces.Length(from.Device, length * inner);
            SliceKernels.LaunchCopyBlocks(
                from.Device, blocks * Pieces.Divide(length * inner, piece),
                new SliceKernels.Blocks
                {
                    FromStep = from.Shape[axis] * inner,
                    FromStart = fromStart * inner,
                    ToStep = to.Shape[axis] * inner,
                    ToStart = toStart * inner,
                    Length = length * inner,
                    Piece = piece,
                },
                from.View, to.View);
            return;
        }

        var kernel = new CopyBlocksKernel(
            from.Storage, to.Storage, from.Shape[axis] * inner, to.Shape[axis] * inner, fromStart * inner, toStart * inner, length * inner);
        from.Device.Launch(kernel, blocks);
    }

    private readonly unsafe struct CopyBlocksKernel(
        Storage from, Storage to, int fromStep, int toStep, int fromStart, int toStart, int length) : IKernel
    {
        public void Execute(int group) => new ReadOnlySpan<float>(from.Floats + ((long)group * fromStep) + fromStart, length)
            .CopyTo(new Span<float>(to.Floats + ((long)group * toStep) + toStart, length));
    }
}
