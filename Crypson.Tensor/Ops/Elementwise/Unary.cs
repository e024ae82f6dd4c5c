using System.Numerics;
using System.Runtime.CompilerServices;

namespace Crypson;

/// <summary>Runs an element-wise function of one tensor and records its gradient.</summary>
internal static unsafe class Unary
{
    /// <summary>Elements per group: 32 KiB, the size of the first-level cache.</summary>
    internal const int Chunk = 8192;

    public static Tensor Apply<TOp>(Tensor x, TOp op)
        where TOp : unmanaged, IUnaryOp
    {
        var y = x.EmptyLike();
        if (x.Device is CpuDevice)
        {
            x.Device.Launch(new ForwardKernel<TOp>(op, x.Storage, y.Storage, x.Count), Groups(x.Count));
        }
        else
        {
            ElementwiseKernels.LaunchUnaryForward(x.Device, x.Count, op, x.View, y.View);
        }

        return Tensor.Record(op.Name, y, [x], dy =>
        {
            var dx = Tensor.Over(dy);
            if (x.Device is CpuDevice)
            {
                x.Device.Launch(new BackwardKernel<TOp>(op, x.Storage, y.Storage, dy.Storage, dx.Storage, x.Count), Groups(x.Count));
            }
            else
            {
                ElementwiseKernels.LaunchUnaryBackward(x.Device, x.Count, op, x.View, y.View, dy.View, dx.View);
            }

            return [dx];
        });
    }

    internal static int Groups(int count) => (count + Chunk - 1) / Chunk;

    /// <summary>The last, incomplete vector: missing elements are 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<float> LoadPart(float* source, int count)
    {
        Vector<float> part = default;
        Unsafe.CopyBlockUnaligned(&part, source, (uint)(count * sizeof(float)));
        return part;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void StorePart(Vector<float> part, float* destination, int count) =>
        Unsafe.CopyBlockUnaligned(destination, &part, (uint)(count * sizeof(float)));

    private readonly struct ForwardKernel<TOp>(TOp op, Storage x, Storage y, int count) : IKernel
        where TOp : unmanaged, IUnaryOp
    {
        public void Execute(int group)
        {
            var end = Math.Min(count, (group + 1) * Chunk);
            var i = group * Chunk;
            var px = x.Floats;
            var py = y.Floats;
            for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector.Store(op.Forward(Vector.Load(px + i)), py + i);
            }

            if (i < end)
            {
                StorePart(op.Forward(LoadPart(px + i, end - i)), py + i, end - i);
            }
        }
    }

    private readonly struct BackwardKernel<TOp>(TOp op, Storage x, Storage y, Storage dy, Storage dx, int count) : IKernel
        where TOp : unmanaged, IUnaryOp
    {
        public void Execute(int group)
        {
            var end = Math.Min(count, (group + 1) * Chunk);
            var i = group * Chunk;
            var px = x.Floats;
            var py = y.Floats;
            var pdy = dy.Floats;
            var pdx = dx.Floats;
            for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector.Store(op.Backward(Vector.Load(px + i), Vector.Load(py + i), Vector.Load(pdy + i)), pdx + i);
            }

            if (i < end)
            {
                var left = end - i;
                StorePart(op.Backward(LoadPart(px + i, left), LoadPart(py + i, left), LoadPart(pdy + i, left)), pdx + i, left);
            }
        }
    }
}
