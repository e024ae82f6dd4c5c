using System.Numerics;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>eˣ / Σ eˣ along an axis, shifted by the largest element. Gradient: y (dy - Σ y dy).</summary>
    public Tensor Softmax(int axis = -1) => LastAxis("softmax", axis, static x => x.SoftmaxRows(false));

    /// <summary>x - log Σ eˣ along an axis, shifted by the largest element. Gradient: dy - softmax(x) Σ dy.</summary>
    public Tensor LogSoftmax(int axis = -1) => LastAxis("log softmax", axis, static x => x.SoftmaxRows(true));

    // Brings the axis to the end, applies a function of rows and puts the axis back.
    private Tensor LastAxis(string op, int axis, Func<Tensor, Tensor> rows)
    {
        axis = Shape.Axis(op, axis);
        return axis == Rank - 1 ? rows(this) : rows(Transpose(axis, Rank - 1)).Transpose(axis, Rank - 1);
    }

    private Tensor SoftmaxRows(bool log)
    {
        var y = EmptyLike();
        var length = Shape[^1];
        var rows = length == 0 ? 0 : Count / length;
        var groups = (rows + SoftmaxKernel.RowsPerGroup - 1) / SoftmaxKernel.RowsPerGroup;
        if (Device is CpuDevice)
        {
            Device.Launch(new SoftmaxKernel(Storage, y.Storage, rows, length, log), groups);
        }
        else
        {
            SoftmaxKernels.LaunchSoftmaxForward(Device, rows, View, y.View, length, log);
        }

        return Record(log ? "log softmax" : "softmax", y, [this], dy =>
        {
            var dx = EmptyLike();
            if (Device is CpuDevice)
            {
                Device.Launch(new SoftmaxGradientKernel(y.Storage, dy.Storage, dx.Storage, rows, length, log), groups);
            }
            else
            {
                SoftmaxKernels.LaunchSoftmaxBackward(Device, rows, y.View, dy.View, dx.View, length, log);
            }

            return [dx];
        });
    }

    private readonly unsafe struct SoftmaxKernel(Storage x, Storage y, int rows, int length, bool log) : IKernel
    {
        public const int RowsPerGroup = 16;

        public void Execute(int group)
        {
            Span<float> shifted = stackalloc float[Vector<float>.Count];
            for (var row = group * RowsPerGroup; row < Math.Min(rows, (group + 1) * RowsPerGroup); row++)
            {
                var px = new ReadOnlySpan<float>(x.Floats + ((long)row * length), length);
                var py = new Span<float>(y.Floats + ((long)row * length), length);
                var largest = float.NegativeInfinity;
                foreach (var value in px)
                {
                    largest = value > largest || float.IsNaN(value) ? value : largest;
                }

                var sum = 0.0;
                for (var i = 0; i < length; i += Vector<float>.Count)
                {
                    var count = Math.Min(Vector<float>.Count, length - i);
                    for (var j = 0; j < count; j++)
                    {
                        shifted[j] = px[i + j] - largest;
                    }

                    var e = VectorMath.Exp(new Vector<float>(shifted));
                    for (var j = 0; j < count; j++)
                    {
                        py[i + j] = e[j];
                        sum += e[j];
                    }
                }

                var logSum = Math.Log(sum);
                for (var i = 0; i < length; i++)
                {
                    py[i] = log ? (float)((double)px[i] - largest - logSum) : (float)(py[i] / sum);
                }
            }
        }
    }

    private readonly unsafe struct SoftmaxGradientKernel(Storage y, Storage dy, Storage dx, int rows, int length, bool log) : IKernel
    {
        public void Execute(int group)
        {
            for (var row = group * SoftmaxKernel.RowsPerGroup; row < Math.Min(rows, (group + 1) * SoftmaxKernel.RowsPerGroup); row++)
            {
                var py = y.Floats + ((long)row * length);
                var pdy = dy.Floats + ((long)row * length);
                var pdx = dx.Floats + ((long)row * length);
                var sum = 0.0;
                for (var i = 0; i < length; i++)
                {
                    sum += log ? pdy[i] : (double)py[i] * pdy[i];
                }

                for (var i = 0; i < length; i++)
                {
                    pdx[i] = log ? (float)(pdy[i] - (Math.Exp(py[i]) * sum)) : (float)(py[i] * (pdy[i] - sum));
                }
            }
        }
    }
}
