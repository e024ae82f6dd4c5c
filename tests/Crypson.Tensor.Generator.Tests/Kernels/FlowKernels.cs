namespace Crypson.Tests.Kernels;

/// <summary>Control flow, order of evaluation, helpers, structs, generics, and names that C has for itself.</summary>
internal static partial class FlowKernels
{
    private const int Seven = 7;
    private static readonly float Third = 1f / 3f;

    /// <summary>C leaves the order of these open.</summary>
    [Kernel]
    internal static void Order(Index1D i, ArrayView<int> log, ArrayView<int> y)
    {
        var at = i * 10;
        var n = i % 7;
        y[at] = n++ * 100 + n++ * 10 + n;
        y[at + 1] = n + (n = 5) + n;
        var p = 0;
        y[at + 2] = Note(log, i, ref p, 3) - Note(log, i, ref p, 1) * Note(log, i, ref p, 2);
        y[at + 3] = (n > 4 && Note(log, i, ref p, 4) > 100) || Note(log, i, ref p, 5) == 5 ? Note(log, i, ref p, 6) : Note(log, i, ref p, 7);
        int k = 2, m = 3;
        k += k++ + ++k;
        y[at + 4] = k;
        m = m-- - --m;
        y[at + 5] = m;
        y[at + 6] = p;
        y[at + 7] += 3 + (y[at + 7] = 4);
        (k, m) = (m, k);
        y[at + 8] = k * 1000 + m;
        y[at + 9] = Pick(n, out var twice) + twice;
    }

    private static int Note(ArrayView<int> log, int row, ref int position, int value)
    {
        log[row * 16 + position++] = value;
        return value;
    }

    private static int Pick(int n, out int twice)
    {
        twice = 2 * n;
        return n % 2 == 0 ? -n : n;
    }

    [Kernel]
    internal static void Loops(Index1D i, ArrayView<int> y)
    {
        int n = i, sum = 0;
        for (var a = 0; a < n; a++)
        {
            if (a % 3 == 0)
            {
                continue;
            }

            sum += a;
            if (sum > 50)
            {
                break;
            }
        }

        for (int a = 0, b = n; a < b; a += 2, b--)
        {
            sum = sum * 3 + a - b;
        }

        while (n > 1)
        {
            n = n % 2 == 0 ? n / 2 : 3 * n + 1;
            sum++;
        }

        do
        {
            sum -= 7;
            if (sum == 3)
            {
                continue;
            }

            sum -= 1;
        }
        while (sum > 20);

        var left = 5;
        while (left-- > 0)
        {
            if (left == 3)
            {
                continue;
            }

            sum += left;
        }

        for (var a = 0; Advance(ref n) < 10 && a < 4; a++)
        {
            if (a == 1)
            {
                continue;
            }

            sum += n;
        }

        for (var a = 0; a < 6; sum += a++)
        {
            if (a == 2)
            {
                continue;
            }

            sum ^= a;
        }

        Loop.Unroll(2);
        for (var a = 7; a >= 0; a--)
        {
            sum += a << (a & 1);
        }

        for (; ; )
        {
            if (++sum % 4 == 0)
            {
                break;
            }
        }

        y[i] = sum;
    }

    private static int Advance(ref int n) => n += 3;

    /// <summary>An else-if whose condition needs statements, conditions in loops, loop variables that the body changes.</summary>
    [Kernel]
    internal static void Odd(Index1D i, ArrayView<int> y)
    {
        int n = i, sum = 0;
        if (n == 3)
        {
            sum = 1;
        }
        else if (Advance(ref n) > 9 && n % 2 == 0)
        {
            sum = n;
        }
        else if (n is 7 or < 4)
        {
            sum = -n;
        }
        else
        {
            sum = 5;
        }

        for (var a = 0; a < 20; a++)
        {
            y[a % 3 + 3 * i] = a;
            if (a == 5)
            {
                (a, sum) = (sum > 0 ? 11 : 8, sum + a);
            }
        }

        for (var a = 0; a < 9; a++)
        {
            Advance(ref a);
            sum += a;
        }

        var f = n == 4 ? float.NaN : n;
        sum += f is float.NaN ? 1000 : 0;
        bool either = n > 5;
        either |= i == 1;
        either &= sum != 4;
        y[3 * i + 1] = sum + (either ? 500 : 0);
        y[3 * i + 2] = n;
        (y[3 * i], y[3 * i + 1]) = (y[3 * i + 1], y[3 * i]);
    }

    [Kernel]
    internal static void Choices(Index1D i, ArrayView<float> y)
    {
        var kind = (Kind)(i % 5);
        var name = kind switch
        {
            Kind.First => 1f,
            Kind.Second or Kind.Third => Third,
            _ => -1f,
        };
        switch ((int)i)
        {
            case 0:
            case Seven:
                name += 10;
                break;
            case 1:
                for (var k = 0; k < 3; k++)
                {
                    if (k == 1)
                    {
                        continue;
                    }

                    name += k;
                }

                break;
            case 2:
                y[i] = 99;
                return;
            default:
                name *= i.X is > 3 and < 6 or 9 ? 2 : 3;
                break;
        }

        if (i == 3)
        {
            name = 1;
        }
        else if (i.X is not 4)
        {
            name += Seven;
        }
        else
        {
            name = -name;
        }

        y[i] = name;
    }

    internal enum Kind : byte
    {
        First,
        Second,
        Third = 4,
    }

    /// <summary>Variables called what OpenCL C and CUDA C call something else.</summary>
    [Kernel]
    internal static void Names(Index1D global, ArrayView<int> kernel, int local, int half, int uint4, int threadIdx, int max)
    {
        int register = local + half, unsigned = uint4, barrier = threadIdx, größe = max, log = 2, get_global_id = 3, restrict = 4, @event = 5, t = 6, t_2 = 7;
        var exp = (float)log;
        kernel[global] = register + unsigned * barrier - größe + get_global_id + restrict + @event + t + t_2 + (int)MathF.Exp(exp) + (int)fma(1, 2, 3) + Math.Max(1, 2);
        static float fma(float pown, float as_int, float typedef) => pown * as_int + typedef;
    }

    internal struct Pair(int first, float second)
    {
        public int First = first;
        public float Second = second;
        public bool Flag;

        public readonly float Sum => First + Second;

        public int Steps { get; set; } = 3;

        public static Pair operator +(Pair a, Pair b) => new(a.First + b.First, a.Second + b.Second) { Flag = a.Flag || b.Flag };

        public void Grow(int by)
        {
            First += by;
            Steps++;
        }
    }

    [Kernel]
    internal static void Structs(Index1D i, ArrayView<Pair> pairs, Pair extra, ArrayView<float> y, bool flag)
    {
        var pair = pairs[i];
        pair.Grow(i);
        pairs[i].Grow(100);
        var sum = pair + extra;
        var copy = sum;
        copy.First = -1;
        if (flag ^ sum.Flag)
        {
            sum.Second *= 2;
        }

        var other = sum with { First = 4 };
        ref var slot = ref pairs[i];
        slot.Second += other.Sum;
        var both = Split(sum.First);
        y[i] = sum.Sum + copy.First + pair.Steps + both.Low + 10 * both.High + default(Pair).Steps + new Pair(1, 2f).Sum;
        Swap(ref pairs[i].First, ref sum.First);
        pairs[i].Flag = sum.First > 5;
    }

    /// <summary>Properties with accessors of their own, and indexers.</summary>
    internal struct Counter
    {
        private int low;
        private int high;

        public int Half
        {
            readonly get => low / 2;
            set => low = 2 * value;
        }

        public int this[int place]
        {
            readonly get => place == 0 ? low : high + place;
            set
            {
                if (place == 0)
                {
                    low = value;
                }
                else
                {
                    high = value - place;
                }
            }
        }
    }

    [Kernel]
    internal static void Accessors(Index1D i, ArrayView<Counter> counters, ArrayView<int> y)
    {
        var counter = counters[i];
        counter.Half = i + 3;
        var before = counter[0];
        counter[i.X + 1] = 10 * before + counter.Half;
        counters[i].Half = counter[2];
        counters[i][1] = before;
        y[i] = before + 100 * counter[0] + 10000 * counter[3];
    }

    private static (int Low, int High) Split(int value) => (value & 15, value >> 4);

    private static void Swap(ref int a, ref int b) => (a, b) = (b, a);

    /// <summary>Views as arguments of helpers: in each kind of memory, from any position on.</summary>
    [Kernel]
    internal static void Views(ArrayView<int> x, ArrayView<int> y, int width)
    {
        var shared = SharedMemory.Allocate<int>(8);
        var own = LocalMemory.Allocate<int>(4);
        var lane = Group.IdxX;
        shared[lane] = x[Grid.IdxX * width + lane];
        Loop.Unroll();
        for (var i = 0; i < 4; i++)
        {
            own[i] = lane + i;
        }

        Group.Barrier();
        var row = x.SubView(Grid.IdxX * width, width);
        var result = Total(shared) + 1000 * Total(own) + 1000000 * Total(row.SubView(1)) + (int)row.Length + row.IntLength;
        y[Grid.GlobalIndex.X] = result + Group.DimX + Grid.DimX + Group.LinearIndex;
    }

    private static int Total(ArrayView<int> values)
    {
        var total = 0;
        for (var i = 0; i < values.Length; i++)
        {
            total += values[i];
        }

        return total;
    }

    internal interface IScalar
    {
        static abstract float Value(float x);

        float Weight(float x);

        float Offset { get; }
    }

    internal readonly struct Square : IScalar
    {
        public static float Value(float x) => x * x;

        public float Weight(float x) => 2;

        public float Offset { get => 0.25f; }
    }

    internal readonly struct Shifted : IScalar
    {
        private readonly float by;
        private readonly double scale;

        public Shifted(float by, double scale)
        {
            this.by = by;
            this.scale = scale;
        }

        public float Offset { get; init; } = 0.125f;

        public static float Value(float x) => Twice(x) - 1f;

        public float Weight(float x) => by * x + (float)scale;

        private static float Twice(float x) => 2f * x;
    }

    [Kernel]
    internal static void Apply<TScalar>(Index1D i, TScalar scalar, ArrayView<float> x, ArrayView<float> y)
        where TScalar : unmanaged, IScalar => y[i] = Both(scalar, x[i]);

    private static float Both<T>(T scalar, float x)
        where T : unmanaged, IScalar => T.Value(x) + scalar.Weight(x) + scalar.Offset;

    [Kernel]
    [KernelFor(typeof(int))]
    [KernelFor(typeof(float))]
    internal static void Fill<T>(Index1D i, ArrayView<T> y, T value)
        where T : unmanaged, System.Numerics.INumber<T> => y[i] = y[i] + value * value;

    /// <summary>Philox as the engine computes it on the CPU.</summary>
    [Kernel]
    internal static void Random(Index1D i, ArrayView<uint> y, ulong seed, ulong stream, ulong counter)
    {
        var (x0, x1, x2, x3) = Block(seed, stream, counter + (ulong)(int)i);
        y[4 * i] = x0;
        y[4 * i + 1] = x1;
        y[4 * i + 2] = x2;
        y[4 * i + 3] = x3;
    }

    private static (uint X, uint Y, uint Z, uint W) Block(ulong seed, ulong stream, ulong counter)
    {
        var (x, y, z, w) = ((uint)counter, (uint)(counter >> 32), (uint)stream, (uint)(stream >> 32));
        var (key0, key1) = ((uint)seed, (uint)(seed >> 32));
        for (var round = 0; round < 10; round++)
        {
            var product0 = (ulong)0xD2511F53 * x;
            var product1 = (ulong)0xCD9E8D57 * z;
            (x, y, z, w) = ((uint)(product1 >> 32) ^ y ^ key0, (uint)product1, (uint)(product0 >> 32) ^ w ^ key1, (uint)product0);
            key0 += 0x9E3779B9;
            key1 += 0xBB67AE85;
        }

        return (x, y, z, w);
    }

    /// <summary>Lanes exchange values: CUDA, and plain C#.</summary>
    [Kernel(Targets = KernelTargets.Cuda)]
    internal static void WarpSum(ArrayView<float> x, ArrayView<float> y)
    {
        var sum = x[Grid.GlobalIndex.X];
        for (var step = 16; step > 0; step /= 2)
        {
            sum += Warp.ShuffleXor(sum, step);
        }

        y[Grid.GlobalIndex.X] = sum + Warp.LaneIdx + Warp.WarpIdx + Warp.ShuffleDown(sum, 1) * 0 + Warp.ShuffleUp(sum, 1) * 0 + Warp.Shuffle(Group.IdxX, 3);
    }
}
