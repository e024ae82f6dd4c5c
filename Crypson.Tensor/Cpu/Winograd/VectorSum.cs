using System.Runtime.Intrinsics;

namespace Crypson.Cpu.Winograd;

/// <summary>Weighted sums of runs of elements, in vectors of 16; the factors are 1 and -1, so that nothing is rounded twice.</summary>
internal static unsafe class VectorSum
{
    /// <summary>target = a * factor.</summary>
    public static void One(int count, float* a, float factor, float* target)
    {
        var i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (var f = Vector512.Create(factor); i <= count - 16; i += 16)
            {
                (Vector512.Load(a + i) * f).Store(target + i);
            }
        }

        for (; i <= count - 8; i += 8)
        {
            (Vector256.Load(a + i) * factor).Store(target + i);
        }

        for (; i < count; i++)
        {
            target[i] = a[i] * factor;
        }
    }

    /// <summary>target = a * fa + b * fb.</summary>
    public static void Two(int count, float* a, float fa, float* b, float fb, float* target)
    {
        var i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            var (va, vb) = (Vector512.Create(fa), Vector512.Create(fb));
            for (; i <= count - 16; i += 16)
            {
                Vector512.FusedMultiplyAdd(Vector512.Load(a + i), va, Vector512.Load(b + i) * vb).Store(target + i);
            }
        }

        for (; i <= count - 8; i += 8)
        {
            ((Vector256.Load(a + i) * fa) + (Vector256.Load(b + i) * fb)).Store(target + i);
        }

        for (; i < count; i++)
        {
            target[i] = (a[i] * fa) + (b[i] * fb);
        }
    }

    /// <summary>target = (a * f[0] + b * f[1]) + (c * f[2] + d * f[3]).</summary>
    public static void Four(int count, float* a, float* b, float* c, float* d, float* f, float* target)
    {
        var i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            var (fa, fb) = (Vector512.Create(f[0]), Vector512.Create(f[1]));
            var (fc, fd) = (Vector512.Create(f[2]), Vector512.Create(f[3]));
            for (; i <= count - 16; i += 16)
            {
                var first = Vector512.FusedMultiplyAdd(Vector512.Load(a + i), fa, Vector512.Load(b + i) * fb);
                (first + Vector512.FusedMultiplyAdd(Vector512.Load(c + i), fc, Vector512.Load(d + i) * fd)).Store(target + i);
            }
        }

        for (; i <= count - 8; i += 8)
        {
            ((Vector256.Load(a + i) * f[0]) + (Vector256.Load(b + i) * f[1])
                + ((Vector256.Load(c + i) * f[2]) + (Vector256.Load(d + i) * f[3]))).Store(target + i);
        }

        for (; i < count; i++)
        {
            target[i] = (a[i] * f[0]) + (b[i] * f[1]) + ((c[i] * f[2]) + (d[i] * f[3]));
        }
    }
}
