using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Crypson.Cpu.Winograd;

/// <summary>
/// Brings the right operand into [group of 16 lanes][place][k][lane], so that every combination of places is a sum of
/// whole vectors. Lanes behind the last are zeros.
/// </summary>
internal readonly unsafe struct TakeApart(Planes planes, float* apart) : IKernel
{
    /// <summary>Lanes of a group.</summary>
    public const int Lanes = 16;

    private const int Block = 8;

    private readonly float* apart = apart;

    public int Groups => LaneGroups * Blocks;

    /// <summary>Floats of all groups.</summary>
    public nint Count => LaneGroups * GroupStride;

    /// <summary>Floats from one group to the next.</summary>
    public nint GroupStride => planes.Size * PlaceStride;

    /// <summary>Floats from one place to the next: one line more than needed, so that places do not share a set of the cache.</summary>
    public nint PlaceStride => ((nint)planes.Depth + 1) * Lanes;

    private int LaneGroups => (planes.Lanes + Lanes - 1) / Lanes;

    private int Blocks => (planes.Depth + Block - 1) / Block;

    public void Execute(int group)
    {
        var (lanes, start) = (group / Blocks * Lanes, group % Blocks * Block);
        var count = Math.Min(Block, planes.Depth - start);
        var target = apart + ((group / Blocks) * GroupStride) + ((nint)start * Lanes);
        for (var half = 0; half < Lanes; half += 8)
        {
            var first = lanes + half;
            var used = Math.Clamp(planes.Lanes - first, 0, 8);
            for (var i = 0; i < count; i++)
            {
                Transpose(first, used, start + i, target + half + (i * Lanes));
            }
        }
    }

    // target[place * PlaceStride + lane] = plane of lane first + lane
    private void Transpose(int first, int used, int k, float* target)
    {
        var source = planes.At(first, k);
        var size = planes.Size;
        var place = 0;
        if (used == 8)
        {
            for (; place <= size - 8; place += 8)
            {
                Transpose8(source + place, planes.LaneStride, target + (place * PlaceStride), PlaceStride);
            }
        }

        for (; place < size; place++)
        {
            for (var lane = 0; lane < 8; lane++)
            {
                target[(place * PlaceStride) + lane] = lane < used ? source[(lane * planes.LaneStride) + place] : 0;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose8(float* source, nint sourceStride, float* target, nint targetStride)
    {
        var r0 = Pair(source, sourceStride, 0);
        var r1 = Pair(source, sourceStride, 1);
        var r2 = Pair(source, sourceStride, 2);
        var r3 = Pair(source, sourceStride, 3);
        Store4(r0, r1, r2, r3, target, targetStride);
        r0 = Pair(source + 4, sourceStride, 0);
        r1 = Pair(source + 4, sourceStride, 1);
        r2 = Pair(source + 4, sourceStride, 2);
        r3 = Pair(source + 4, sourceStride, 3);
        Store4(r0, r1, r2, r3, target + (4 * targetStride), targetStride);
    }

    // Four elements of line i below four of line i + 4.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Pair(float* source, nint stride, int i) =>
        Vector256.Create(Vector128.Load(source + (i * stride)), Vector128.Load(source + ((i + 4) * stride)));

    // Transposes the two 4 x 4 halves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store4(Vector256<float> r0, Vector256<float> r1, Vector256<float> r2, Vector256<float> r3, float* target, nint stride)
    {
        var (a, b) = (Halves.UnpackLow(r0, r1), Halves.UnpackHigh(r0, r1));
        var (c, d) = (Halves.UnpackLow(r2, r3), Halves.UnpackHigh(r2, r3));
        Halves.LowPairs(a, c).Store(target);
        Halves.HighPairs(a, c).Store(target + stride);
        Halves.LowPairs(b, d).Store(target + (2 * stride));
        Halves.HighPairs(b, d).Store(target + (3 * stride));
    }
}
