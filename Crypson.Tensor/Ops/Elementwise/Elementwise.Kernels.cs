using Crypson.Kernels;

namespace Crypson;

/// <summary>Element-wise operations on devices: one kernel per operation, built from its scalar expression.</summary>
internal static partial class ElementwiseKernels
{
    [Kernel]
    internal static void UnaryForward<TOp>(Index1D i, TOp op, ArrayView<float> x, ArrayView<float> y)
        where TOp : unmanaged, IUnaryOp => y[i] = op.Forward(x[i]);

    [Kernel]
    internal static void UnaryBackward<TOp>(Index1D i, TOp op, ArrayView<float> x, ArrayView<float> y, ArrayView<float> dy, ArrayView<float> dx)
        where TOp : unmanaged, IUnaryOp => dx[i] = op.Backward(x[i], y[i], dy[i]);

    [Kernel]
    internal static void BinaryForward<TOp>(Index1D i, TOp op, BroadcastAxes axes, ArrayView<float> a, ArrayView<float> b, ArrayView<float> y)
        where TOp : unmanaged, IBinaryOp
    {
        var (atA, atB) = axes.Find(i);
        y[i] = op.Forward(a[atA], b[atB]);
    }

    [Kernel]
    internal static void BinaryBackwardA<TOp>(
        Index1D i, TOp op, BroadcastAxes axes, ArrayView<float> a, ArrayView<float> b, ArrayView<float> dy, ArrayView<float> result)
        where TOp : unmanaged, IBinaryOp
    {
        var (atA, atB) = axes.Find(i);
        result[i] = op.BackwardA(a[atA], b[atB], dy[i]);
    }

    [Kernel]
    internal static void BinaryBackwardB<TOp>(
        Index1D i, TOp op, BroadcastAxes axes, ArrayView<float> a, ArrayView<float> b, ArrayView<float> dy, ArrayView<float> result)
        where TOp : unmanaged, IBinaryOp
    {
        var (atA, atB) = axes.Find(i);
        result[i] = op.BackwardB(a[atA], b[atB], dy[i]);
    }

    [Kernel]
    internal static void Copy(Index1D i, ArrayView<float> x, ArrayView<float> y) => y[i] = x[i];

    [Kernel]
    internal static void AddInPlace(Index1D i, ArrayView<float> x, ArrayView<float> y, float scale) => x[i] += y[i] * scale;

    [Kernel]
    internal static void ScaleInPlace(Index1D i, ArrayView<float> x, float scale) => x[i] *= scale;
}
