using Crypson.Kernels;

namespace Crypson;

/// <summary>Softmax and its logarithm on devices: one row per work-item.</summary>
internal static partial class SoftmaxKernels
{
    [Kernel]
    internal static void SoftmaxForward(Index1D row, ArrayView<float> x, ArrayView<float> y, int length, bool log)
    {
        var start = (long)row.X * length;
        var largest = float.NegativeInfinity;
        for (var i = 0; i < length; i++)
        {
            largest = MathF.Max(largest, x[start + i]);
        }

        var (sum, lost) = (0f, 0f);
        for (var i = 0; i < length; i++)
        {
            var e = MathF.Exp(x[start + i] - largest);
            y[start + i] = e;
            Compensated.Add(ref sum, ref lost, e);
        }

        var logSum = MathF.Log(sum);
        for (var i = 0; i < length; i++)
        {
            y[start + i] = log ? x[start + i] - largest - logSum : y[start + i] / sum;
        }
    }

    [Kernel]
    internal static void SoftmaxBackward(Index1D row, ArrayView<float> y, ArrayView<float> dy, ArrayView<float> dx, int length, bool log)
    {
        var start = (long)row.X * length;
        var (sum, lost) = (0f, 0f);
        for (var i = 0; i < length; i++)
        {
            Compensated.Add(ref sum, ref lost, log ? dy[start + i] : y[start + i] * dy[start + i]);
        }

        for (var i = 0; i < length; i++)
        {
            dx[start + i] = log ? dy[start + i] - MathF.Exp(y[start + i]) * sum : y[start + i] * (dy[start + i] - sum);
        }
    }
}
