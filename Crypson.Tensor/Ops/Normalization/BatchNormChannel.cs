using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Crypson;

/// <summary>What a channel's result was computed from: (x - Center) Factor + Shift, cut off below 0 by a ReLU.</summary>
internal readonly record struct BatchNormChannel(float Center, float Factor, float Shift, bool Relu)
{
    /// <summary>The slope behind the ReLU, which counts where the result, computed again from d = x - Center, was positive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Masked(Vector<float> d, Vector<float> slope) => Relu
        ? Vector.ConditionalSelect(
            Vector.LessThanOrEqual((d * Factor) + new Vector<float>(Shift), Vector<float>.Zero), Vector<float>.Zero, slope)
        : slope;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<float> Masked(Vector128<float> d, Vector128<float> slope) => Relu
        ? Vector128.ConditionalSelect(
            Vector128.LessThanOrEqual((d * Factor) + Vector128.Create(Shift), Vector128<float>.Zero), Vector128<float>.Zero, slope)
        : slope;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Masked(float d, float slope) => Relu && (d * Factor) + Shift <= 0 ? 0 : slope;
}
