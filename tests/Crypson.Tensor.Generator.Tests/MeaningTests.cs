using System.Runtime.InteropServices;
using Crypson.Tests.Kernels;

namespace Crypson.Tests;

/// <summary>Kernels compute on each device, bit for bit, what the same method computes as plain C#.</summary>
public sealed class MeaningTests
{
    private static readonly int[] Integers =
        [0, 1, -1, 2, -2, 3, 5, 7, -7, 10, 31, 32, 33, 63, 64, 65, 127, 128, 129, -128, -129, 255, 256, 32767, 32768, -32768, -32769, 65535, 65536, 1 << 30, int.MaxValue, int.MaxValue - 1, int.MinValue, int.MinValue + 1, 123456789, -987654321];

    private static readonly float[] Numbers =
    [
        0f, -0f, 1f, -1f, 0.5f, 1.5f, 2.5f, -2.5f, 0.1f, 3.3f, 1f / 3f, 254.9f, 255.5f, 256f, 300f, -1.5f, 127.9f, 128.5f, -129f, 32767.5f, 32768f, 65535.9f, 65536f, -32769f, 2147483520f, 2147483648f,
        -2147483648f, -2147483904f, 4294967040f, 4294967296f, 9.2233715e18f, 9.223372e18f, -9.223372e18f, -1e19f, 1.8446743e19f, 1.8446744e19f, 1e30f, -1e30f, float.MaxValue, float.MinValue, float.Epsilon,
        1e-40f, 1.17549435e-38f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 8388607.5f, 16777217f, 3.14159274f,
    ];

    private static (T[] A, T[] B) Pairs<T>(T[] values) =>
        ([.. values.SelectMany(a => values.Select(_ => a))], [.. values.SelectMany(_ => values)]);

    [Theory]
    [MemberData(nameof(TestDevices.Others), MemberType = typeof(TestDevices))]
    public void Integers_of_32_bits(string name)
    {
        var (a, b) = Pairs(Integers);
        Compare<int>(name, device =>
        {
            using var da = device.Allocate<int>(a);
            using var db = device.Allocate<int>(b);
            using var y = device.Allocate<int>(new int[a.Length * IntegerKernels.Results]);
            IntegerKernels.LaunchInt32(device, a.Length, da, db, y);
            return y.ToArray();
        }, i => $"result {i % IntegerKernels.Results} of {a[i / IntegerKernels.Results]} and {b[i / IntegerKernels.Results]}");
    }

    [Theory]
    [MemberData(nameof(TestDevices.Others), MemberType = typeof(TestDevices))]
    public void Unsigned_integers_of_32_bits(string name)
    {
        var (a, b) = Pairs(Integers);
        Compare<uint>(name, device =>
        {
            using var da = device.Allocate<uint>(MemoryMarshal.Cast<int, uint>(a));
            using var db = device.Allocate<uint>(MemoryMarshal.Cast<int, uint>(b));
            using var y = device.Allocate<uint>(new uint[a.Length * IntegerKernels.Results]);
            using var wide = device.Allocate<long>(a.Length);
            IntegerKernels.LaunchUInt32(device, a.Length, da, db, y, wide);
            return [.. y.ToArray(), .. wide.ToArray().SelectMany(value => new[] { (uint)value, (uint)(value >> 32) })];
        }, i => $"result {i % IntegerKernels.Results} of pair {i / IntegerKernels.Results}");
    }

    [Theory]
    [MemberData(nameof(TestDevices.Others), MemberType = typeof(TestDevices))]
    public void Integers_of_64_bits(string name)
    {
        var (a, b) = Pairs([.. Integers.Select(value => (long)value), 1L << 40, -(1L << 62), long.MaxValue, long.MinValue, 0x123456789ABCDEF, 4294967296]);
        Compare<long>(name, device =>
        {
            using var da = device.Allocate<long>(a);
            using var db = device.Allocate<long>(b);
            using var y = device.Allocate<long>(new long[a.Length * IntegerKernels.Results]);
            IntegerKernels.LaunchInt64(device, a.Length, da, db, y);
            return y.ToArray();
        }, i => $"result {i % IntegerKernels.Results} of {a[i / IntegerKernels.Results]} and {b[i / IntegerKernels.Results]}");
    }

    [Theory]
    [MemberData(nameof(TestDevices.Others), MemberType = typeof(TestDevices))]
    public void Integers_narrower_than_int(string name) => Compare<int>(name, device =>
    {
        using var a = device.Allocate<int>(Integers);
        using var bytes = device.Allocate<byte>(Integers.Length);
        using var signed = device.Allocate<sbyte>(Integers.Length);
        using var shorts = device.Allocate<short>(Integers.Length);
        using var words = device.Allocate<ushort>(Integers.Length);
        using var y = device.Allocate<int>(Integers.Length);
        IntegerKernels.LaunchNarrow(device, Integers.Length, a, bytes, signed, shorts, words, y);
        return [.. y.ToArray(), .. bytes.ToArray().Select(v => (int)v), .. signed.ToArray().Select(v => (int)v), .. shorts.ToArray().Select(v => (int)v), .. words.ToArray().Select(v => (int)v)];
    }, i => $"part {i / Integers.Length} of {Integers[i % Integers.Length]}");

    [Theory]
    [MemberData(nameof(TestDevices.Others), MemberType = typeof(TestDevices))]
    public void A_division_that_would_throw_gives_a_number(string name)
    {
        var device = DeviceList.Get(name);
        using var a = device.Allocate<int>([5, 0, int.MinValue, -5, int.MinValue]);
        using var b = device.Allocate<int>([0, 0, -1, -1, 0]);
        using var y = device.Allocate<int>(10);
        IntegerKernels.LaunchDivideByAnything(device, 5, a, b, y);
        Assert.Equal([0, 0, 0, 0, int.MinValue, 0, 5, 0, 0, 0], y.ToArray());
    }

    [Theory]
    [MemberData(nameof(TestDevices.Others), MemberType = typeof(TestDevices))]
    public void A_wide_division_that_would_throw_gives_a_number(string name)
    {
        var device = DeviceList.Get(name);
        var (a, b) = Pairs<long>([5, 0, -5, -1, 7, long.MinValue, long.MaxValue, int.MinValue, uint.MaxValue, 1L << 32]);
        using var da = device.Allocate<long>(a);
        using var db = device.Allocate<long>(b);
        using var y = device.Allocate<long>(10 * a.Length);
        IntegerKernels.LaunchDivideWideByAnything(device, a.Length, da, db, y);
        var got = y.ToArray();
        for (var i = 0; i < a.Length; i++)
        {
            var (x, z) = (a[i], b[i]);
            long[] want =
            [
                z == 0 ? 0 : z == -1 ? unchecked(-x) : x / z,
                z is 0 or -1 ? 0 : x % z,
                z == 0 ? 0 : (long)((ulong)x / (ulong)z),
                z == 0 ? 0 : (long)((ulong)x % (ulong)z),
                (uint)z == 0 ? 0 : (uint)x / (uint)z,
                (uint)z == 0 ? 0 : (uint)x % (uint)z,
                unchecked(-x),
                0,
                unchecked(-(int)x),
                0,
            ];
            Assert.Equal(want, got[(10 * i)..(10 * i + 10)]);
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Others), MemberType = typeof(TestDevices))]
    public void Doubles_are_those_of_plain_code(string name)
    {
        _ = TestDevices.WithDouble(name);
        var (a, b) = Pairs([.. Numbers.Select(value => (double)value), 0.1, -1e300, double.MaxValue, double.Epsilon]);
        Compare<long>(name, device =>
        {
            using var da = device.Allocate<double>(a);
            using var db = device.Allocate<double>(b);
            using var y = device.Allocate<double>(new double[a.Length * FloatKernels.Results]);
            FloatKernels.LaunchExactDoubles(device, a.Length, da, db, y);
            return [.. y.ToArray().Select(value => double.IsNaN(value) ? 1 : BitConverter.DoubleToInt64Bits(value))];
        }, i => $"result {i % FloatKernels.Results} of {a[i / FloatKernels.Results]:R} and {b[i / FloatKernels.Results]:R}");
    }

    [Theory]
    [MemberData(nameof(TestDevices.Others), MemberType = typeof(TestDevices))]
    public void Floats_are_rounded_once_per_operator(string name)
    {
        var (a, b) = Pairs(Numbers);
        Compare<int>(name, device =>
        {
            using var da = device.Allocate<float>(a);
            using var db = device.Allocate<float>(b);
            using var y = device.Allocate<float>(new float[a.Length * FloatKernels.Results]);
            FloatKernels.LaunchExact(device, a.Length, da, db, y);
            return [.. y.ToArray().Select(Bits)];
        }, i => $"result {i % FloatKernels.Results} of {a[i / FloatKernels.Results]:R} and {b[i / FloatKernels.Results]:R}");
    }

    [Theory]
    [MemberData(nameof(TestDevices.Others), MemberType = typeof(TestDevices))]
    public void Floats_become_integers_and_back(string name)
    {
        _ = TestDevices.WithDouble(name);
        var doubles = Numbers.Select(value => value * 1.0000000001).ToArray();
        var longs = Integers.Select(value => (long)value).Append(1L << 53).Append(long.MaxValue).Append(long.MinValue).Append(0x123456789ABCDEF).ToArray();
        Compare<long>(name, device =>
        {
            using var a = device.Allocate<float>(Numbers);
            using var d = device.Allocate<double>(doubles);
            using var y = device.Allocate<long>(12 * Numbers.Length);
            FloatKernels.LaunchToIntegers(device, Numbers.Length, a, d, y);

            using var back = device.Allocate<long>(longs);
            using var floats = device.Allocate<float>(4 * longs.Length);
            using var wide = device.Allocate<double>(longs.Length);
            FloatKernels.LaunchFromIntegers(device, longs.Length, back, floats, wide);
            return [.. y.ToArray(), .. floats.ToArray().Select(value => (long)Bits(value)), .. wide.ToArray().Select(value => double.IsNaN(value) ? 1 : BitConverter.DoubleToInt64Bits(value))];
        }, i => i < 12 * Numbers.Length ? $"result {i % 12} of {Numbers[i / 12]:R}" : $"number {i - 12 * Numbers.Length}");
    }

    [Theory]
    [MemberData(nameof(TestDevices.Others), MemberType = typeof(TestDevices))]
    public void Functions_are_close(string name)
    {
        // OpenCL allows up to 16 units in the last place for pow and 5 for most others: 2e-6 relative.
        var values = Enumerable.Range(-40, 81).Select(i => i * 0.2437f).ToArray();
        var (expected, actual) = (Run(Device.Cpu), Run(DeviceList.Get(name)));
        for (var i = 0; i < expected.Length; i++)
        {
            var tolerance = 2e-6f * Math.Max(1, Math.Abs(expected[i]));
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance || (float.IsNaN(expected[i]) && float.IsNaN(actual[i])),
                $"function {i % FloatKernels.Results} of {values[i / FloatKernels.Results]}: {actual[i]:R}, plain C# {expected[i]:R}");
        }

        float[] Run(Device device)
        {
            using var a = device.Allocate<float>(values);
            using var y = device.Allocate<float>(new float[values.Length * FloatKernels.Results]);
            FloatKernels.LaunchClose(device, values.Length, a, y);
            return y.ToArray();
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Others), MemberType = typeof(TestDevices))]
    public void Operands_are_evaluated_from_left_to_right(string name) => Compare<int>(name, device =>
    {
        using var log = device.Allocate<int>(new int[16 * 20]);
        using var y = device.Allocate<int>(new int[10 * 20]);
        FlowKernels.LaunchOrder(device, 20, log, y);
        return [.. y.ToArray(), .. log.ToArray()];
    }, i => i < 200 ? $"result {i % 10} of {i / 10}" : $"log {i - 200}");

    [Theory]
    [MemberData(nameof(TestDevices.Others), MemberType = typeof(TestDevices))]
    public void Loops_and_choices(string name) => Compare<int>(name, device =>
    {
        using var y = device.Allocate<int>(100);
        using var z = device.Allocate<float>(20);
        FlowKernels.LaunchLoops(device, 100, y);
        FlowKernels.LaunchChoices(device, 20, z);
        using var odd = device.Allocate<int>(3 * 30);
        FlowKernels.LaunchOdd(device, 30, odd);
        return [.. y.ToArray(), .. z.ToArray().Select(Bits), .. odd.ToArray()];
    }, i => i < 100 ? $"loops from {i}" : i < 120 ? $"choice {i - 100}" : $"odd {i - 120}");

    [Theory]
    [MemberData(nameof(TestDevices.Others), MemberType = typeof(TestDevices))]
    public void Names_that_the_other_language_has_for_itself(string name) => Compare<int>(name, device =>
    {
        using var y = device.Allocate<int>(3);
        FlowKernels.LaunchNames(device, 3, y, 1, 2, 3, 4, 5);
        return y.ToArray();
    }, i => $"{i}");

    [Theory]
    [MemberData(nameof(TestDevices.Others), MemberType = typeof(TestDevices))]
    public void Structs_with_methods_operators_and_properties(string name) => Compare<int>(name, device =>
    {
        using var pairs = device.Allocate<FlowKernels.Pair>([.. Enumerable.Range(0, 9).Select(i => new FlowKernels.Pair(i * 3, i * 0.5f) { Flag = i % 2 == 0 })]);
        using var y = device.Allocate<float>(9);
        FlowKernels.LaunchStructs(device, 9, pairs, new FlowKernels.Pair(2, 0.25f) { Steps = 77 }, y, true);
        return [.. y.ToArray().Select(Bits), .. pairs.ToArray().SelectMany(pair => new[] { pair.First, Bits(pair.Second), pair.Flag ? 1 : 0, pair.Steps })];
    }, i => $"{i}");

    [Theory]
    [MemberData(nameof(TestDevices.Others), MemberType = typeof(TestDevices))]
    public void Properties_with_setters_and_indexers(string name) => Compare<int>(name, device =>
    {
        using var counters = device.Allocate<FlowKernels.Counter>(new FlowKernels.Counter[6]);
        using var y = device.Allocate<int>(6);
        FlowKernels.LaunchAccessors(device, 6, counters, y);
        return [.. y.ToArray(), .. counters.ToArray().SelectMany(counter => new[] { counter[0], counter[1] })];
    }, i => $"{i}");

    [Theory]
    [MemberData(nameof(TestDevices.Others), MemberType = typeof(TestDevices))]
    public void Views_of_every_kind_of_memory(string name) => Compare<int>(name, device =>
    {
        using var x = device.Allocate<int>([.. Enumerable.Range(1, 40)]);
        using var y = device.Allocate<int>(32);
        FlowKernels.LaunchViews(device, (4, 8), x.View.SubView(8), y, 8);
        return y.ToArray();
    }, i => $"{i}");

    [Theory]
    [MemberData(nameof(TestDevices.Others), MemberType = typeof(TestDevices))]
    public void Generic_kernels_are_built_for_each_type(string name) => Compare<int>(name, device =>
    {
        _ = TestDevices.WithDouble(name);
        using var x = device.Allocate<float>([1f, 2f, 3f]);
        using var y = device.Allocate<float>(3);
        using var z = device.Allocate<float>(3);
        FlowKernels.LaunchApply(device, 3, new FlowKernels.Square(), x, y);
        FlowKernels.LaunchApply(device, 3, new FlowKernels.Shifted(0.5f, 3), x, z);
        using var integers = device.Allocate<int>([1, 2, 3]);
        FlowKernels.LaunchFill(device, 3, integers, 70000);
        FlowKernels.LaunchFill(device, 3, x, 1.5f);
        Assert.Equal([3.25f, 6.25f, 11.25f], y.ToArray());
        return [.. z.ToArray().Select(Bits), .. integers.ToArray(), .. x.ToArray().Select(Bits)];
    }, i => $"{i}");

    [Theory]
    [MemberData(nameof(TestDevices.Others), MemberType = typeof(TestDevices))]
    public void Vectors_of_sixteen_floats(string name)
    {
        var x = Enumerable.Range(0, 60).Select(i => (i * 7 % 23 - 11) * 0.37f).ToArray();
        if (DeviceList.Get(name) is CudaDevice)
        {
            Assert.Contains("not made for CUDA", Assert.Throws<NotSupportedException>(() => Run(DeviceList.Get(name))).Message);
            return;
        }

        Compare<int>(name, device => [.. Run(device).Select(Bits)], i => $"number {i % VectorKernels.Results} of {i / VectorKernels.Results}");

        float[] Run(Device device)
        {
            using var source = device.Allocate<float>(x);
            using var y = device.Allocate<float>(new float[40 * VectorKernels.Results]);
            VectorKernels.LaunchVectors(device, 40, source, y);
            return y.ToArray();
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Others), MemberType = typeof(TestDevices))]
    public void Vectors_of_four_floats(string name) => Compare<int>(
        name, device => [.. RunFours(device, 0).Select(Bits)], i => i < 128 ? $"whole {i}" : $"number {(i - 128) % VectorKernels.FourResults} of {(i - 128) / VectorKernels.FourResults}");

    [Fact]
    public void A_vector_of_four_floats_that_is_not_aligned_throws_in_plain_code() =>
        Assert.Contains("not at a multiple of 4", Assert.Throws<ArgumentException>(() => RunFours(Device.Cpu, 1)).Message);

    private static float[] RunFours(Device device, int offset)
    {
        const int Items = 32;
        using var x = device.Allocate<float>([.. Enumerable.Range(0, Items + 9).Select(i => (i * 7 % 23 - 11) * 0.37f)]);
        using var whole = device.Allocate<Float32x4>([.. Enumerable.Range(0, Items).Select(i => Float32x4.Create(i, i * 0.3f, -i, 1f / (i + 1)))]);
        using var y = device.Allocate<float>(new float[Items * VectorKernels.FourResults]);
        var scale = new VectorKernels.Four { Weight = 0.3f, Values = Float32x4.Create(1.1f, -2.2f, 3.3f, 0.7f) };
        VectorKernels.LaunchVectorsOfFour(device, (Items / 8, 8), scale, x.View.SubView(4 + offset), whole, y);
        return [.. whole.ToArray().SelectMany(four => new[] { four.X, four.Y, four.Z, four.W }), .. y.ToArray()];
    }

    [Fact]
    public void A_vector_that_reaches_beyond_its_view_throws_in_plain_code()
    {
        using var x = Device.Cpu.Allocate<float>(new float[30]);
        using var y = Device.Cpu.Allocate<float>(VectorKernels.Results);
        VectorKernels.LaunchVectors(Device.Cpu, 1, x, y);
        Assert.Throws<IndexOutOfRangeException>(() => VectorKernels.LaunchVectors(Device.Cpu, 1, x.View.SubView(0, 16), y));
    }

    [Fact]
    public void A_generic_kernel_says_which_type_it_was_not_built_for()
    {
        using var x = Device.Cpu.Allocate<short>(1);
        Assert.Contains("not built for System.Int16", Assert.Throws<NotSupportedException>(() => FlowKernels.LaunchFill(Device.Cpu, 1, x, (short)1)).Message);
    }

    [Theory]
    [MemberData(nameof(TestDevices.All), MemberType = typeof(TestDevices))]
    public void Philox_draws_the_engine_s_numbers(string name)
    {
        var device = DeviceList.Get(name);
        using var y = device.Allocate<uint>(4 * 300);
        FlowKernels.LaunchRandom(device, 300, y, 0x0123456789ABCDEF, 7, uint.MaxValue - 100);
        var expected = Enumerable.Range(0, 300).Select(i => Philox.Block(0x0123456789ABCDEF, 7, uint.MaxValue - 100 + (ulong)i));
        Assert.Equal(expected.SelectMany(block => new[] { block.X, block.Y, block.Z, block.W }), y.ToArray());
    }

    [Fact]
    public void Lanes_of_a_warp_exchange_values_in_plain_code()
    {
        using var x = Device.Cpu.Allocate<float>([.. Enumerable.Range(0, 64).Select(i => (float)i)]);
        using var y = Device.Cpu.Allocate<float>(64);
        FlowKernels.LaunchWarpSum(Device.Cpu, (1, 64), x, y);
        Assert.Equal(Enumerable.Range(0, 64).Select(i => i < 32 ? 496f + i + 3 : 1520f + i - 32 + 1 + 35), y.ToArray());
    }

    /// <summary>Bits, with one NaN for all: C# does not say which one an operator gives.</summary>
    private static int Bits(float value) => float.IsNaN(value) ? int.MaxValue : BitConverter.SingleToInt32Bits(value);

    private static void Compare<T>(string name, Func<Device, T[]> run, Func<int, string> describe)
    {
        var (expected, actual) = (run(Device.Cpu), run(DeviceList.Get(name)));
        var wrong = Enumerable.Range(0, expected.Length).Where(i => !Equals(expected[i], actual[i])).ToArray();
        Assert.True(wrong.Length == 0, $"{wrong.Length} of {expected.Length} differ: "
            + string.Join("; ", wrong.Take(12).Select(i => $"{describe(i)}: {actual[i]}, plain C# {expected[i]}")));
    }
}
