using System.Numerics;

namespace Crypson;

/// <summary>Runs an element-wise function of two tensors, with broadcasting, and records its gradients.</summary>
internal static unsafe class Binary
{
    public static Tensor Apply<TOp>(Tensor a, Tensor b, TOp op)
        where TOp : unmanaged, IBinaryOp
    {
        var device = Tensor.SameDevice(op.Name, a, b);
        var walk = new Broadcast(op.Name, a.Shape, b.Shape);
        var y = Tensor.Empty(walk.Result, device);
        if (device is CpuDevice)
        {
            Launch(device, walk, a, b, null, y, new Forward<TOp>(op));
        }
        else
        {
            ElementwiseKernels.LaunchBinaryForward(device, walk.Pieces(device), op, walk.Axes, walk.Piece(device), a.View, b.View, y.View);
        }

        return Tensor.Record(op.Name, y, [a, b], dy => [
            Gradient(device, walk, a, b, dy, op, new BackwardA<TOp>(op), a, ofA: true),
            Gradient(device, walk, a, b, dy, op, new BackwardB<TOp>(op), b, ofA: false)]);
    }

    private static Tensor? Gradient<TOp, TFunction>(
        Device device, Broadcast walk, Tensor a, Tensor b, Tensor dy, TOp op, TFunction function, Tensor operand, bool ofA)
        where TOp : unmanaged, IBinaryOp
        where TFunction : struct, IFunction
    {
        if (!operand.RequiresGrad)
        {
            return null;
        }

        var full = Tensor.Empty(walk.Result, device);
        if (device is CpuDevice)
        {
            Launch(device, walk, a, b, dy, full, function);
        }
        else if (ofA)
        {
            ElementwiseKernels.LaunchBinaryBackwardA(device, walk.Pieces(device), op, walk.Axes, walk.Piece(device), a.View, b.View, dy.View, full.View);
        }
        else
        {
            ElementwiseKernels.LaunchBinaryBackwardB(device, walk.Pieces(device), op, walk.Axes, walk.Piece(device), a.View, b.View, dy.View, full.View);
        }

        if (operand.Shape == walk.Result)
        {
            return full;
        }

        var reduced = full.SumTo(operand.Shape);
        full.Dispose();
        return reduced;
    }

    private static void Launch<TFunction>(
        Device device, Broadcast walk, Tensor a, Tensor b, Tensor? dy, Tensor y, TFunction function)
        where TFunction : struct, IFunction
    {
        var rowsPerGroup = Math.Max(1, Unary.Chunk / Math.Max(1, walk.RowLength));
        var piecesPerRow = walk.Rows <= rowsPerGroup ? Math.Max(1, Unary.Groups(walk.RowLength)) : 1;
        var kernel = new Kernel<TFunction>(function, walk, a.Storage, b.Storage, (dy ?? y).Storage, y.Storage, rowsPerGroup, piecesPerRow);
        device.Launch(kernel, (walk.Rows + rowsPerGroup - 1) / rowsPerGroup * piecesPerRow);
    }

    // Long rows are cut into pieces of one chunk, short rows are joined to groups of about a chunk.
    private readonly struct Kernel<TFunction>(
        TFunction function, Broadcast walk, Storage a, Storage b, Storage dy, Storage y, int rowsPerGroup, int piecesPerRow) : IKernel
        where TFunction : struct, IFunction
    {
        public void Execute(int group)
        {
            var (rowGroup, piece) = (group / piecesPerRow, group % piecesPerRow);
            var begin = piecesPerRow == 1 ? 0 : piece * Unary.Chunk;
            var end = piecesPerRow == 1 ? walk.RowLength : Math.Min(walk.RowLength, begin + Unary.Chunk);
            var lastRow = Math.Min(walk.Rows, (rowGroup + 1) * rowsPerGroup);
            for (var row = rowGroup * rowsPerGroup; row < lastRow; row++)
            {
                var (startA, startB) = walk.RowStart(row);
                var offset = row * walk.RowLength;
                Row(a.Floats + startA, b.Floats + startB, dy.Floats + offset, y.Floats + offset, begin, end);
            }
        }

        private void Row(float* pa, float* pb, float* pdy, float* py, int i, int end)
        {
            var (stepsA, stepsB) = (walk.RowStepsA, walk.RowStepsB);
            var (constantA, constantB) = (new Vector<float>(*pa), new Vector<float>(*pb));
            for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
            {
                var va = stepsA ? Vector.Load(pa + i) : constantA;
                var vb = stepsB ? Vector.Load(pb + i) : constantB;
                Vector.Store(function.Apply(va, vb, Vector.Load(pdy + i)), py + i);
            }

            if (i < end)
            {
                var left = end - i;
                var va = stepsA ? Unary.LoadPart(pa + i, left) : constantA;
                var vb = stepsB ? Unary.LoadPart(pb + i, left) : constantB;
                Unary.StorePart(function.Apply(va, vb, Unary.LoadPart(pdy + i, left)), py + i, left);
            }
        }
    }

    private interface IFunction
    {
        Vector<float> Apply(Vector<float> a, Vector<float> b, Vector<float> dy);
    }

    private readonly struct Forward<TOp>(TOp op) : IFunction
        where TOp : unmanaged, IBinaryOp
    {
        public Vector<float> Apply(Vector<float> a, Vector<float> b, Vector<float> dy) => op.Forward(a, b);
    }

    private readonly struct BackwardA<TOp>(TOp op) : IFunction
        where TOp : unmanaged, IBinaryOp
    {
        public Vector<float> Apply(Vector<float> a, Vector<float> b, Vector<float> dy) => op.BackwardA(a, b, dy);
    }

    private readonly struct BackwardB<TOp>(TOp op) : IFunction
        where TOp : unmanaged, IBinaryOp
    {
        public Vector<float> Apply(Vector<float> a, Vector<float> b, Vector<float> dy) => op.BackwardB(a, b, dy);
    }
}
