namespace Crypson.Kernels;

/// <summary>The engine's vector of four floats in ILGPU's terms: it is read and written one float after the other.</summary>
internal readonly struct Float32x4
{
    public const int Count = 4;

    private Float32x4(float x, float y, float z, float w)
    {
        X = x;
        Y = y;
        Z = z;
        W = w;
    }

    public float X { get; }

    public float Y { get; }

    public float Z { get; }

    public float W { get; }

    public static Float32x4 Create(float x, float y, float z, float w) => new(x, y, z, w);

    public static Float32x4 Broadcast(float value) => new(value, value, value, value);

    public static Float32x4 Load(ArrayView<float> view, int index) => new(view[index], view[index + 1], view[index + 2], view[index + 3]);

    public static Float32x4 FusedMultiplyAdd(Float32x4 a, Float32x4 b, Float32x4 c) => new(
        MathF.FusedMultiplyAdd(a.X, b.X, c.X), MathF.FusedMultiplyAdd(a.Y, b.Y, c.Y), MathF.FusedMultiplyAdd(a.Z, b.Z, c.Z),
        MathF.FusedMultiplyAdd(a.W, b.W, c.W));

    public void Store(ArrayView<float> view, int index)
    {
        view[index] = X;
        view[index + 1] = Y;
        view[index + 2] = Z;
        view[index + 3] = W;
    }
}
