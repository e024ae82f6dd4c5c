namespace Crypson.Kernels;

/// <summary>
/// Changes one element as if nobody else could see it half done. Each returns the value from before. The order in which
/// work-items come is not fixed, so a sum of floats may differ from run to run.
/// </summary>
public static class Atomic
{
    public static int Add(ref int target, int value) => Interlocked.Add(ref target, value) - value;

    public static uint Add(ref uint target, uint value) => Interlocked.Add(ref target, value) - value;

    public static float Add(ref float target, float value)
    {
        while (true)
        {
            var old = Volatile.Read(ref target);
            if (BitConverter.SingleToInt32Bits(Interlocked.CompareExchange(ref target, old + value, old)) == BitConverter.SingleToInt32Bits(old))
            {
                return old;
            }
        }
    }

    public static int Exchange(ref int target, int value) => Interlocked.Exchange(ref target, value);

    public static uint Exchange(ref uint target, uint value) => Interlocked.Exchange(ref target, value);

    public static float Exchange(ref float target, float value) => Interlocked.Exchange(ref target, value);

    public static int CompareExchange(ref int target, int compare, int value) => Interlocked.CompareExchange(ref target, value, compare);

    public static uint CompareExchange(ref uint target, uint compare, uint value) => Interlocked.CompareExchange(ref target, value, compare);

    public static int Min(ref int target, int value) => Change(ref target, value, Math.Min);

    public static uint Min(ref uint target, uint value) => Change(ref target, value, Math.Min);

    public static int Max(ref int target, int value) => Change(ref target, value, Math.Max);

    public static uint Max(ref uint target, uint value) => Change(ref target, value, Math.Max);

    public static int And(ref int target, int value) => Interlocked.And(ref target, value);

    public static uint And(ref uint target, uint value) => Interlocked.And(ref target, value);

    public static int Or(ref int target, int value) => Interlocked.Or(ref target, value);

    public static uint Or(ref uint target, uint value) => Interlocked.Or(ref target, value);

    public static int Xor(ref int target, int value) => Change(ref target, value, static (a, b) => a ^ b);

    public static uint Xor(ref uint target, uint value) => Change(ref target, value, static (a, b) => a ^ b);

    private static int Change(ref int target, int value, Func<int, int, int> change)
    {
        while (true)
        {
            var old = Volatile.Read(ref target);
            if (Interlocked.CompareExchange(ref target, change(old, value), old) == old)
            {
                return old;
            }
        }
    }

    private static uint Change(ref uint target, uint value, Func<uint, uint, uint> change)
    {
        while (true)
        {
            var old = Volatile.Read(ref target);
            if (Interlocked.CompareExchange(ref target, change(old, value), old) == old)
            {
                return old;
            }
        }
    }
}
