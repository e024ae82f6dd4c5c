using ILGPU.Frontend.Intrinsic;

namespace Crypson;

/// <summary>Functions of .NET that kernels call and ILGPU does not know, in functions that it does.</summary>
internal static class IlgpuFunctions
{
    /// <summary>Makes them known to ILGPU.</summary>
    public static void Register()
    {
        RemappedIntrinsics.AddRemapping(typeof(MathF), typeof(IlgpuFunctions), nameof(FusedMultiplyAdd), typeof(float), typeof(float), typeof(float));
        RemappedIntrinsics.AddRemapping(typeof(MathF), RemappedIntrinsics.CPUMathType, nameof(MathF.Log2), typeof(float));
        RemappedIntrinsics.AddRemapping(typeof(MathF), typeof(IlgpuFunctions), nameof(Truncate), typeof(float));
        RemappedIntrinsics.AddRemapping(typeof(BitConverter), typeof(IlgpuFunctions), nameof(SingleToUInt32Bits), typeof(float));
        RemappedIntrinsics.AddRemapping(typeof(BitConverter), typeof(IlgpuFunctions), nameof(UInt32BitsToSingle), typeof(uint));

        // .NET's own throw where the limits are the wrong way round.
        foreach (var type in (Type[])[typeof(float), typeof(double), typeof(int), typeof(uint), typeof(long), typeof(ulong)])
        {
            RemappedIntrinsics.AddRemapping(typeof(Math), RemappedIntrinsics.MathType, nameof(Math.Clamp), type, type, type);
        }
    }

    /// <summary>Rounded twice, unless the driver's compiler joins the two. (The CPU accelerator runs .NET's own, which rounds once.)</summary>
    public static float FusedMultiplyAdd(float x, float y, float z) => x * y + z;

    public static float Truncate(float x) => x < 0f ? MathF.Ceiling(x) : MathF.Floor(x);

    public static uint SingleToUInt32Bits(float value) => Interop.FloatAsInt(value);

    public static float UInt32BitsToSingle(uint value) => Interop.IntAsFloat(value);
}
