using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Crypson.Kernels;

/// <summary>
/// Four floats that a GPU reads and writes at once: float4 in OpenCL C and CUDA C. In memory they lie at a multiple of 16
/// bytes: the first element of an allocation, and every fourth after it.
/// </summary>
public readonly struct Float32x4
{
    /// <summary>The number of floats.</summary>
    public const int Count = 4;

    private readonly Vector128<float> lanes;

    private Float32x4(Vector128<float> lanes) => this.lanes = lanes;

    /// <summary>The first float.</summary>
    public float X => lanes[0];

    /// <summary>The second float.</summary>
    public float Y => lanes[1];

    /// <summary>The third float.</summary>
    public float Z => lanes[2];

    /// <summary>The fourth float.</summary>
    public float W => lanes[3];

    /// <summary>Four numbers.</summary>
    public static Float32x4 Create(float x, float y, float z, float w) => new(Vector128.Create(x, y, z, w));

    /// <summary>The same number four times.</summary>
    public static Float32x4 Broadcast(float value) => new(Vector128.Create(value));

    /// <summary>
    /// The elements from <paramref name="index"/> on, a multiple of 4 in the allocation. Another one throws in plain C#; on a
    /// device what it reads is undefined.
    /// </summary>
    public static Float32x4 Load(ArrayView<float> view, int index) => new(Vector128.LoadUnsafe(ref First(view, index)));

    /// <summary>a * b + c, rounded once.</summary>
    public static Float32x4 FusedMultiplyAdd(Float32x4 a, Float32x4 b, Float32x4 c) =>
        new(Vector128.FusedMultiplyAdd(a.lanes, b.lanes, c.lanes));

    /// <summary>
    /// Writes the elements from <paramref name="index"/> on, a multiple of 4 in the allocation. Another one throws in plain C#;
    /// on a device what it does is undefined.
    /// </summary>
    public void Store(ArrayView<float> view, int index) => lanes.StoreUnsafe(ref First(view, index));

    private static unsafe ref float First(ArrayView<float> view, int index)
    {
        // Both ends are checked.
        _ = view[index + Count - 1];
        ref var first = ref view[index];
        return ref (nint)Unsafe.AsPointer(ref first) % sizeof(Float32x4) == 0
            ? ref first
            : ref Refuse(index);
    }

    private static ref float Refuse(int index) =>
        throw new ArgumentException($"vector of {Count} floats: element {index} of the view is not at a multiple of {Count} in its allocation");
}
