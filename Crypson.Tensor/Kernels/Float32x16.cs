using System.Runtime.Intrinsics;

namespace Crypson.Kernels;

/// <summary>
/// Sixteen floats, for kernels of CPU devices: OpenCL C's float16. CUDA C has no such type, so a kernel that uses it is
/// marked <c>[Kernel(Targets = KernelTargets.OpenCl)]</c>.
/// </summary>
public readonly struct Float32x16
{
    /// <summary>The number of floats.</summary>
    public const int Count = 16;

    private readonly Vector512<float> lanes;

    private Float32x16(Vector512<float> lanes) => this.lanes = lanes;

    /// <summary>The same number sixteen times.</summary>
    public static Float32x16 Broadcast(float value) => new(Vector512.Create(value));

    /// <summary>The elements from <paramref name="index"/> on; no alignment is needed.</summary>
    public static Float32x16 Load(ArrayView<float> view, int index)
    {
        // Both ends are checked.
        _ = view[index + Count - 1];
        return new(Vector512.LoadUnsafe(ref view[index]));
    }

    /// <summary>a * b + c, rounded once.</summary>
    public static Float32x16 FusedMultiplyAdd(Float32x16 a, Float32x16 b, Float32x16 c) =>
        new(Vector512.FusedMultiplyAdd(a.lanes, b.lanes, c.lanes));

    /// <summary>Writes the elements from <paramref name="index"/> on; no alignment is needed.</summary>
    public void Store(ArrayView<float> view, int index)
    {
        _ = view[index + Count - 1];
        lanes.StoreUnsafe(ref view[index]);
    }
}
