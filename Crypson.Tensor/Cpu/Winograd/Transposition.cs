using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Crypson.Cpu.Winograd;

/// <summary>
/// Transposition between runs of 16 lanes and runs of one lane. Vectors are loaded in pieces of four elements such that
/// only 4 x 4 blocks, which stay inside 128 bits, are left to transpose: two shuffles per vector.
/// </summary>
internal static unsafe class Transposition
{
    private const int Lanes = TakeApart.Lanes;

    /// <summary>target[lane * stride + i] = source[i * 16 + lane] for i below <paramref name="count"/>.</summary>
    public static void ToLanes(float* source, int count, int lanes, float* target, nint stride)
    {
        if (lanes < Lanes)
        {
            CopyToLanes(source, count, lanes, target, stride);
            return;
        }

        var i = 0;
        if (Avx512DQ.IsSupported)
        {
            for (; i <= count - 16; i += 16, source += 16 * Lanes)
            {
                for (var lane = 0; lane < Lanes; lane += 4)
                {
                    var (a, b, c, d) = (Four(source + lane, 0), Four(source + lane, 1), Four(source + lane, 2), Four(source + lane, 3));
                    Transpose(ref a, ref b, ref c, ref d);
                    var t = target + i + (lane * stride);
                    a.Store(t);
                    b.Store(t + stride);
                    c.Store(t + (2 * stride));
                    d.Store(t + (3 * stride));
                }
            }
        }

        for (; i <= count - 8; i += 8, source += 8 * Lanes)
        {
            for (var lane = 0; lane < Lanes; lane += 4)
            {
                var (a, b, c, d) = (Two(source + lane, 0), Two(source + lane, 1), Two(source + lane, 2), Two(source + lane, 3));
                Transpose(ref a, ref b, ref c, ref d);
                var t = target + i + (lane * stride);
                a.Store(t);
                b.Store(t + stride);
                c.Store(t + (2 * stride));
                d.Store(t + (3 * stride));
            }
        }

        for (; i <= count - 4; i += 4, source += 4 * Lanes)
        {
            for (var lane = 0; lane < Lanes; lane += 8)
            {
                // Lanes 0 to 3 in the lower half, 4 to 7 in the upper one.
                var (a, b) = (Vector256.Load(source + lane), Vector256.Load(source + Lanes + lane));
                var (c, d) = (Vector256.Load(source + (2 * Lanes) + lane), Vector256.Load(source + (3 * Lanes) + lane));
                Transpose(ref a, ref b, ref c, ref d);
                var t = target + i + (lane * stride);
                StoreHalves(a, t, stride);
                StoreHalves(b, t + stride, stride);
                StoreHalves(c, t + (2 * stride), stride);
                StoreHalves(d, t + (3 * stride), stride);
            }
        }

        CopyToLanes(source, count - i, Lanes, target + i, stride);
    }

    /// <summary>
    /// target[i * targetStride + lane] = source[lane * stride + i] for i below <paramref name="count"/>, 0 for lanes from
    /// <paramref name="lanes"/> to 16.
    /// </summary>
    public static void FromLanes(float* source, nint stride, int lanes, int count, float* target, nint targetStride)
    {
        var i = 0;
        if (lanes == Lanes)
        {
            for (; i <= count - 4; i += 4, source += 4, target += 4 * targetStride)
            {
                if (Avx512DQ.IsSupported)
                {
                    var (a, b, c, d) = (Four(source, stride, 0), Four(source, stride, 1), Four(source, stride, 2), Four(source, stride, 3));
                    Transpose(ref a, ref b, ref c, ref d);
                    a.Store(target);
                    b.Store(target + targetStride);
                    c.Store(target + (2 * targetStride));
                    d.Store(target + (3 * targetStride));
                    continue;
                }

                for (var lane = 0; lane < Lanes; lane += 8)
                {
                    var s = source + (lane * stride);
                    var (a, b, c, d) = (Two(s, stride, 0), Two(s, stride, 1), Two(s, stride, 2), Two(s, stride, 3));
                    Transpose(ref a, ref b, ref c, ref d);
                    a.Store(target + lane);
                    b.Store(target + lane + targetStride);
                    c.Store(target + lane + (2 * targetStride));
                    d.Store(target + lane + (3 * targetStride));
                }
            }
        }

        for (; i < count; i++, source++, target += targetStride)
        {
            for (var lane = 0; lane < Lanes; lane++)
            {
                target[lane] = lane < lanes ? source[lane * stride] : 0;
            }
        }
    }

    /// <summary>
    /// target[(i % 2) * odd + (i / 2) * pair + row] = source[row * stride + i] for i below <paramref name="count"/> and at most
    /// 8 <paramref name="rows"/>. Eight elements are written, or <paramref name="six"/>; those of rows that are not there are
    /// undefined.
    /// </summary>
    public static void FromRows(float* source, nint stride, int rows, int count, float* target, nint odd, nint pair, bool six = false)
    {
        // A piece of a row that is not there comes from the last one.
        var (row1, row2, row3) = (Math.Min(1, rows - 1) * stride, Math.Min(2, rows - 1) * stride, Math.Min(3, rows - 1) * stride);
        var (row4, row5) = (Math.Min(4, rows - 1) * stride, Math.Min(5, rows - 1) * stride);
        var (row6, row7) = (Math.Min(6, rows - 1) * stride, Math.Min(7, rows - 1) * stride);
        var i = 0;
        for (; i <= count - 4; i += 4, source += 4, target += 2 * pair)
        {
            var a = Vector256.Create(Vector128.Load(source), Vector128.Load(source + row4));
            var b = Vector256.Create(Vector128.Load(source + row1), Vector128.Load(source + row5));
            var c = Vector256.Create(Vector128.Load(source + row2), Vector128.Load(source + row6));
            var d = Vector256.Create(Vector128.Load(source + row3), Vector128.Load(source + row7));
            Transpose(ref a, ref b, ref c, ref d);
            if (six)
            {
                StoreSix(a, target);
                StoreSix(b, target + odd);
                StoreSix(c, target + pair);
                StoreSix(d, target + odd + pair);
                continue;
            }

            a.Store(target);
            b.Store(target + odd);
            c.Store(target + pair);
            d.Store(target + odd + pair);
        }

        for (; i < count; i++, source++)
        {
            for (var row = 0; row < rows; row++)
            {
                target[row] = source[row * stride];
            }

            target += i % 2 == 0 ? odd : pair - odd;
        }
    }

    private static void StoreSix(Vector256<float> value, float* target)
    {
        value.GetLower().Store(target);
        value.GetUpper().GetLower().Store(target + 4);
    }

    private static void CopyToLanes(float* source, int count, int lanes, float* target, nint stride)
    {
        for (var lane = 0; lane < lanes; lane++, target += stride)
        {
            for (var i = 0; i < count; i++)
            {
                target[i] = source[(i * Lanes) + lane];
            }
        }
    }

    // Pieces i, i + 4, i + 8, i + 12 of a column of pieces.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Four(float* source, nint stride, int i) =>
        Avx512DQ.InsertVector256(Two(source, stride, i).ToVector512Unsafe(), Two(source + (8 * stride), stride, i), 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Four(float* source, int i) => Four(source, Lanes, i);

    // Pieces i and i + 4.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Two(float* source, nint stride, int i) =>
        Vector256.Create(Vector128.Load(source + (i * stride)), Vector128.Load(source + ((i + 4) * stride)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Two(float* source, int i) => Two(source, Lanes, i);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreHalves(Vector256<float> value, float* target, nint stride)
    {
        value.GetLower().Store(target);
        value.GetUpper().Store(target + (4 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(ref Vector512<float> a, ref Vector512<float> b, ref Vector512<float> c, ref Vector512<float> d)
    {
        var (e, f) = (Avx512F.UnpackLow(a, b), Avx512F.UnpackHigh(a, b));
        var (g, h) = (Avx512F.UnpackLow(c, d), Avx512F.UnpackHigh(c, d));
        a = Avx512F.Shuffle(e, g, 0b01_00_01_00);
        b = Avx512F.Shuffle(e, g, 0b11_10_11_10);
        c = Avx512F.Shuffle(f, h, 0b01_00_01_00);
        d = Avx512F.Shuffle(f, h, 0b11_10_11_10);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(ref Vector256<float> a, ref Vector256<float> b, ref Vector256<float> c, ref Vector256<float> d)
    {
        var (e, f) = (Halves.UnpackLow(a, b), Halves.UnpackHigh(a, b));
        var (g, h) = (Halves.UnpackLow(c, d), Halves.UnpackHigh(c, d));
        a = Halves.LowPairs(e, g);
        b = Halves.HighPairs(e, g);
        c = Halves.LowPairs(f, h);
        d = Halves.HighPairs(f, h);
    }
}
