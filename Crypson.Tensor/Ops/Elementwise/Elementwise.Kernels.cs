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

    /// <summary>One piece of a row of the result per work-item.</summary>
    [Kernel]
    internal static void BinaryForward<TOp>(
        Index1D i, TOp op, BroadcastAxes axes, int piece, ArrayView<float> a, ArrayView<float> b, ArrayView<float> y)
        where TOp : unmanaged, IBinaryOp
    {
        var at = axes.Piece(i, piece);
        if (at.IsPlain)
        {
            for (var j = 0; j < at.Count; j++)
            {
                y[at.Result + j] = op.Forward(a[at.A + j], b[at.B + j]);
            }
        }
        else
        {
            for (var j = 0; j < at.Count; j++)
            {
                y[at.Result + j] = op.Forward(a[at.A + j * axes.Inner.StepA], b[at.B + j * axes.Inner.StepB]);
            }
        }
    }

    /// <summary>The gradient of the first operand, not summed over what was broadcast.</summary>
    [Kernel]
    internal static void BinaryBackwardA<TOp>(
        Index1D i, TOp op, BroadcastAxes axes, int piece, ArrayView<float> a, ArrayView<float> b, ArrayView<float> dy, ArrayView<float> result)
        where TOp : unmanaged, IBinaryOp
    {
        var at = axes.Piece(i, piece);
        if (at.IsPlain)
        {
            for (var j = 0; j < at.Count; j++)
            {
                result[at.Result + j] = op.BackwardA(a[at.A + j], b[at.B + j], dy[at.Result + j]);
            }
        }
        else
        {
            for (var j = 0; j < at.Count; j++)
            {
                result[at.Result + j] = op.BackwardA(a[at.A + j * axes.Inner.StepA], b[at.B + j * axes.Inner.StepB], dy[at.Result + j]);
            }
        }
    }

    /// <summary>The gradient of the second operand, not summed over what was broadcast.</summary>
    [Kernel]
    internal static void BinaryBackwardB<TOp>(
        Index1D i, TOp op, BroadcastAxes axes, int piece, ArrayView<float> a, ArrayView<float> b, ArrayView<float> dy, ArrayView<float> result)
        where TOp : unmanaged, IBinaryOp
    {
        var at = axes.Piece(i, piece);
        if (at.IsPlain)
        {
            for (var j = 0; j < at.Count; j++)
            {
                result[at.Result + j] = op.BackwardB(a[at.A + j], b[at.B + j], dy[at.Result + j]);
            }
        }
        else
        {
            for (var j = 0; j < at.Count; j++)
            {
                result[at.Result + j] = op.BackwardB(a[at.A + j * axes.Inner.StepA], b[at.B + j * axes.Inner.StepB], dy[at.Result + j]);
            }
        }
    }

    [Kernel]
    internal static void Copy(Index1D i, ArrayView<float> x, ArrayView<float> y) => y[i] = x[i];

    [Kernel]
    internal static void AddInPlace(Index1D i, ArrayView<float> x, ArrayView<float> y, float scale) => x[i] += y[i] * scale;

    [Kernel]
    internal static void ScaleInPlace(Index1D i, ArrayView<float> x, float scale) => x[i] *= scale;
}
