using System.Numerics;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>Adds <paramref name="scale"/> · <paramref name="other"/>, of the same shape, in place. Not recorded.</summary>
    public void AddInPlace(Tensor other, float scale = 1)
    {
        if (other.Shape != Shape)
        {
            throw new ArgumentException($"add in place: shapes differ: {Shape} and {other.Shape}");
        }

        SameDevice("add in place", this, other);
        RequireWritable("add in place");
        if (Device is CpuDevice)
        {
            Device.Launch(new AddInPlaceKernel(Storage, other.Storage, scale, Count), Unary.Groups(Count));
        }
        else
        {
            ElementwiseKernels.LaunchAddInPlace(Device, Count, View, other.View, scale);
        }
    }

    /// <summary>Multiplies by a number, in place. Not recorded.</summary>
    public void ScaleInPlace(float scale)
    {
        RequireWritable("scale in place");
        if (Device is CpuDevice)
        {
            Device.Launch(new ScaleInPlaceKernel(Storage, scale, Count), Unary.Groups(Count));
        }
        else
        {
            ElementwiseKernels.LaunchScaleInPlace(Device, Count, View, scale);
        }
    }

    private readonly unsafe struct AddInPlaceKernel(Storage x, Storage y, float scale, int count) : IKernel
    {
        public void Execute(int group)
        {
            var (i, end) = (group * Unary.Chunk, Math.Min(count, (group + 1) * Unary.Chunk));
            var px = x.Floats;
            var py = y.Floats;
            for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector.Store(Vector.Load(px + i) + (Vector.Load(py + i) * scale), px + i);
            }

            for (; i < end; i++)
            {
                px[i] += py[i] * scale;
            }
        }
    }

    private readonly unsafe struct ScaleInPlaceKernel(Storage x, float scale, int count) : IKernel
    {
        public void Execute(int group)
        {
            var (i, end) = (group * Unary.Chunk, Math.Min(count, (group + 1) * Unary.Chunk));
            var px = x.Floats;
            for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector.Store(Vector.Load(px + i) * scale, px + i);
            }

            for (; i < end; i++)
            {
                px[i] *= scale;
            }
        }
    }
}
