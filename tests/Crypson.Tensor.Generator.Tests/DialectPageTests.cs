using System.Reflection;
using Microsoft.CodeAnalysis;

namespace Crypson.Tests;

/// <summary>What docs/kernel-dialect.md promises is there: each name in its tables is compiled, lowered and run.</summary>
public sealed class DialectPageTests
{
    private const string Tables = "What kernels are made of";

    private static readonly Dictionary<string, Type> Classes = new()
    {
        ["MathF"] = typeof(MathF),
        ["Math"] = typeof(Math),
        ["XMath"] = typeof(XMath),
        ["IntrinsicMath"] = typeof(IntrinsicMath),
        ["BitOperations"] = typeof(System.Numerics.BitOperations),
        ["BitConverter"] = typeof(BitConverter),
        ["float"] = typeof(float),
        ["double"] = typeof(double),
    };

    private static readonly Dictionary<Type, string> Numbers = new()
    {
        [typeof(bool)] = "bool",
        [typeof(sbyte)] = "sbyte",
        [typeof(byte)] = "byte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
    };

    // A body for each name in the tables of the language; x holds 64 ints, y 64 floats, and i is the position.
    private static readonly Dictionary<string, string> Bodies = new()
    {
        ["bool"] = "bool b = x[i] > 3; y[i] = b ? 1 : 0;",
        ["char"] = "char c = (char)x[i]; c++; y[i] = c;",
        ["float"] = "float f = x[i] / 3f; y[i] = f;",
        ["double"] = "double d = x[i] / 3.0; y[i] = (float)d;",
        ["ArrayView<T>"] = "ArrayView<float> v = y; v[i] = 2f;",
        ["if"] = "if (x[i] > 4) { y[i] = 1; } else { y[i] = 2; }",
        ["for"] = "for (var k = 0; k < x[i]; k++) { y[i] += k; }",
        ["while"] = "var k = x[i]; while (k > 3) { k -= 3; } y[i] = k;",
        ["do"] = "var k = x[i]; do { k--; } while (k > 3); y[i] = k;",
        ["switch"] = "switch (x[i]) { case 1: y[i] = 7; break; default: y[i] = x[i] switch { 2 => 5, _ => 9 }; break; }",
        ["break"] = "for (var k = 0; ; k++) { if (k > x[i]) { break; } y[i] = k; }",
        ["continue"] = "for (var k = 0; k < 9; k++) { if (k == x[i]) { continue; } y[i] += k; }",
        ["return"] = "if (x[i] > 4) { return; } y[i] = 3;",
        ["?:"] = "y[i] = x[i] > 2 ? 1 : 2;",
        ["&&"] = "y[i] = x[i] > 2 && x[i] < 6 ? 1 : 2;",
        ["is"] = "y[i] = x[i] is 3 ? 1 : 2;",
        ["and"] = "y[i] = x[i] is > 2 and < 6 ? 1 : 2;",
        ["or"] = "y[i] = x[i] is 2 or 6 ? 1 : 2;",
        ["not"] = "y[i] = x[i] is not 2 ? 1 : 2;",
        ["++"] = "var k = x[i]; y[i] = k++ + ++k;",
        ["with"] = "var p = new Pair(x[i], 2) with { B = 5 }; y[i] = p.A + p.B;",
        ["default"] = "Pair p = default; y[i] = p.A;",
        ["sizeof"] = "y[i] = sizeof(long);",
        ["set"] = "Box s = default; s.P = x[i]; y[i] = s.P;",
        ["s.P = s.P + 2;"] = "Box s = default; s.P = s.P + 2; y[i] = s.P;",
        ["ref"] = "var k = x[i]; Change(ref k); y[i] = k;",
        ["in"] = "y[i] = Twice(x[i]);",
        ["out"] = "Three(out var k); y[i] = k;",
        ["const"] = "y[i] = Constant;",
        ["static readonly"] = "y[i] = Fixed;",
        ["view[i]"] = "y[i] = x[i];",
        ["Length"] = "y[i] = x.Length;",
        ["IntLength"] = "y[i] = x.IntLength;",
        ["SubView"] = "y[i] = x.SubView(3)[i] + x.SubView(2, 20)[i] + x.SubView(2, 20).Length;",
        ["LocalMemory.Allocate<T>(n)"] = "var own = LocalMemory.Allocate<int>(4); own[i % 4] = x[i]; y[i] = own[i % 4];",
        ["SharedMemory.Allocate<T>(n)"] = "var all = SharedMemory.Allocate<int>(8); all[Group.IdxX] = x[Grid.GlobalIndex.X]; Group.Barrier(); y[Grid.GlobalIndex.X] = all[7 - Group.IdxX];",
        ["Grid.IdxX"] = "y[Grid.GlobalIndex.X] = Grid.IdxX + Grid.IdxY + Grid.IdxZ;",
        ["Grid.DimX"] = "y[Grid.GlobalIndex.X] = Grid.DimX + 10 * Grid.DimY + 100 * Grid.DimZ;",
        ["Grid.Index"] = "var at = Grid.Index; y[Grid.GlobalIndex.X] = at.X + at.Y + at.Z;",
        ["Grid.Dimension"] = "var at = Grid.Dimension; y[Grid.GlobalIndex.X] = at.X + at.Y + at.Z;",
        ["Grid.GlobalIndex"] = "var at = Grid.GlobalIndex; y[at.X] = at.X + at.Y + at.Z;",
        ["Group.IdxX"] = "y[Grid.GlobalIndex.X] = Group.IdxX + Group.IdxY + Group.IdxZ;",
        ["Group.DimX"] = "y[Grid.GlobalIndex.X] = Group.DimX + 10 * Group.DimY + 100 * Group.DimZ;",
        ["Group.Index"] = "var at = Group.Index; y[Grid.GlobalIndex.X] = at.X + at.Y + at.Z;",
        ["Group.Dimension"] = "var at = Group.Dimension; y[Grid.GlobalIndex.X] = at.X + at.Y + at.Z;",
        ["Group.LinearIndex"] = "y[Grid.GlobalIndex.X] = Group.LinearIndex;",
        ["Group.Barrier()"] = "Group.Barrier(); y[Grid.GlobalIndex.X] = 1;",
        ["MemoryFence.GroupLevel()"] = "y[i] = 1; MemoryFence.GroupLevel();",
        ["MemoryFence.DeviceLevel()"] = "y[i] = 1; MemoryFence.DeviceLevel();",
        ["Add"] = "Atomic.Add(ref x[0], 2); Atomic.Add(ref y[0], 2f);",
        ["uint"] = "var u = SharedMemory.Allocate<uint>(1); if (Group.IdxX == 0) { u[0] = 1; } Group.Barrier(); Atomic.Add(ref u[0], 1u); Atomic.Min(ref u[0], 50u); "
            + "Atomic.Max(ref u[0], 1u); Atomic.And(ref u[0], 255u); Atomic.Or(ref u[0], 0u); Atomic.Xor(ref u[0], 0u); Group.Barrier(); "
            + "if (Group.IdxX == 0) { y[Grid.GlobalIndex.X] = Atomic.Exchange(ref u[0], 7u) + 100 * Atomic.CompareExchange(ref u[0], 7u, 8u) + 1000 * u[0]; }",
        ["Min"] = "Atomic.Min(ref x[0], -(int)i);",
        ["Max"] = "Atomic.Max(ref x[0], 2 * i);",
        ["And"] = "Atomic.And(ref x[0], 6);",
        ["Or"] = "Atomic.Or(ref x[0], i);",
        ["Xor"] = "Atomic.Xor(ref x[0], i);",
        ["Exchange"] = "Atomic.Exchange(ref x[i], 7); Atomic.Exchange(ref y[i], 7f);",
        ["CompareExchange"] = "Atomic.CompareExchange(ref x[0], 1, 17);",
        ["Warp.Shuffle"] = "y[Group.IdxX] = Warp.Shuffle(y[Group.IdxX], 1);",
        ["ShuffleDown"] = "y[Group.IdxX] = Warp.ShuffleDown(y[Group.IdxX], 1);",
        ["ShuffleUp"] = "y[Group.IdxX] = Warp.ShuffleUp(y[Group.IdxX], 1);",
        ["ShuffleXor"] = "y[Group.IdxX] = Warp.ShuffleXor(y[Group.IdxX], 1);",
        ["LaneIdx"] = "y[Group.IdxX] = Warp.LaneIdx;",
        ["WarpIdx"] = "y[Group.IdxX] = Warp.WarpIdx;",
        ["WarpSize"] = "y[Group.IdxX] = Warp.WarpSize;",
        ["Float32x4"] = "Float32x4 v = Float32x4.Load(y, 4 * i); v.Store(y, 4 * i);",
        ["Load"] = "Float32x4.Load(y, 4 * i).Store(y, 4 * i);",
        ["Store"] = "Float32x4.Broadcast(2f).Store(y, 4 * i);",
        ["Create"] = "Float32x4.Create(1, 2, 3, x[i]).Store(y, 4 * i);",
        ["Broadcast"] = "Float32x4.Broadcast(x[i]).Store(y, 4 * i);",
        ["FusedMultiplyAdd"] = "var v = Float32x4.Broadcast(x[i]); Float32x4.FusedMultiplyAdd(v, v, v).Store(y, 4 * i);",
        ["X"] = "y[i] = Float32x4.Broadcast(x[i]).X;",
        ["Y"] = "y[i] = Float32x4.Broadcast(x[i]).Y;",
        ["Z"] = "y[i] = Float32x4.Broadcast(x[i]).Z;",
        ["W"] = "y[i] = Float32x4.Broadcast(x[i]).W;",
        ["Float32x16"] = "var v = Float32x16.Load(y, 0); Float32x16.FusedMultiplyAdd(v, Float32x16.Broadcast(2f), v).Store(y, 16);",
    };

    // What the tables name in passing: forms that are refused (DiagnosticTests has them), types of atomics, marks of a kernel.
    private static readonly string[] Mentioned =
    [
        "s.P += 2", "s.P++", "x = s.P = 2", "int", "[Kernel(Targets = KernelTargets.Cuda)]", "[Kernel(Targets = KernelTargets.OpenCl)]",
    ];

    public static TheoryData<string, string> ClassesOnDevices =>
        [.. Classes.Keys.SelectMany(type => DeviceList.All.Select(device => (type, device.Name)))];

    [Theory]
    [MemberData(nameof(ClassesOnDevices))]
    public void Each_function_of_the_tables_is_lowered_and_gives_what_plain_code_gives(string type, string name)
    {
        var device = TestDevices.WithDouble(name);
        var calls = DialectPage.Rows(Tables).Where(row => IsOfFunctions(row) && DialectPage.Code(row[0]).Contains(type)).SelectMany(row => DialectPage.Code(row[1])).SelectMany(cell => cell.Split(' '))
            .SelectMany(function => Calls(type, function)).ToArray();
        Assert.NotEmpty(calls);
        var lines = calls.Select((call, k) => $"y[{calls.Length} * i + {k}] = {call};");
        var launch = Launcher($"[Kernel] internal static void K(Index1D i, ArrayView<float> x, ArrayView<double> y) {{ {string.Join("\n", lines)} }}", "K");
        var (expected, actual) = (Run(Device.Cpu), Run(device));
        for (var k = 0; k < expected.Length; k++)
        {
            // Libraries differ by a few units in the last place of a float.
            Assert.True(expected[k].Equals(actual[k]) || Math.Abs(expected[k] - actual[k]) <= 1e-6 * Math.Max(1, Math.Abs(expected[k])),
                $"{calls[k % calls.Length]}: {actual[k]}, plain C# {expected[k]}");
        }

        double[] Run(Device on)
        {
            using var x = on.Allocate<float>([0.6f, 0.3f, 0.9f, 1.6f, 0.7f, 2.9f]);
            using var y = on.Allocate<double>(new double[2 * calls.Length]);
            launch(on, new Index1D(2), x.View, y.View);
            return y.ToArray();
        }
    }

    // Plain code on the CPU, and each other device that has the kernel's language.
    public static TheoryData<string, string> NamesOnDevices =>
        [.. Bodies.SelectMany(body => DeviceList.All.Where(device => device == Device.Cpu || Targets(body.Value).HasFlag(device is CudaDevice ? KernelTargets.Cuda : KernelTargets.OpenCl)),
            (body, device) => (body.Key, device.Name))];

    [Theory]
    [MemberData(nameof(NamesOnDevices))]
    public void Each_name_of_the_tables_is_lowered_and_does_what_plain_code_does(string token, string name)
    {
        var body = Bodies[token];
        var isGroup = body.Contains("Group.") || body.Contains("Grid.") || body.Contains("Warp.");
        var targets = Targets(body);
        var mark = targets == KernelTargets.All ? "" : $"(Targets = KernelTargets.{targets})";
        var launch = Launcher($$"""
            [Kernel{{mark}}] internal static void K({{(isGroup ? "" : "Index1D i, ")}}ArrayView<int> x, ArrayView<float> y) { {{body}} }
            internal const int Constant = 5;
            internal static readonly float Fixed = 2.5f;
            internal readonly record struct Pair(int A, int B);
            internal struct Box { private int held; public int P { get => held; set => held = value + 1; } }
            internal static void Change(ref int value) => value += 4;
            internal static int Twice(in int value) => 2 * value;
            internal static void Three(out int value) => value = 3;
            """, "K");
        Assert.Equal(Run(Device.Cpu), Run(body.Contains("double") ? TestDevices.WithDouble(name) : DeviceList.Get(name)));

        double[] Run(Device on)
        {
            using var x = on.Allocate<int>([.. Enumerable.Range(1, 64)]);
            using var y = on.Allocate<float>(new float[64]);
            launch(on, isGroup ? new KernelConfig(targets == KernelTargets.Cuda ? 1 : 4, targets == KernelTargets.Cuda ? 64 : 8) : new Index1D(8), x.View, y.View);
            return [.. x.ToArray(), .. y.ToArray()];
        }
    }

    [Fact]
    public void Each_name_of_the_tables_has_a_test()
    {
        var named = DialectPage.Rows(Tables).Where(row => !IsOfFunctions(row)).SelectMany(row => DialectPage.Code(row[1])).Distinct().Except(Mentioned).Order().ToArray();
        Assert.Equal(Bodies.Keys.Order(), named);
    }

    [Fact]
    public void Each_kernel_on_the_page_is_lowered()
    {
        Assert.Equal(3, DialectPage.Kernels.Count());
        Assert.All(DialectPage.Kernels, block =>
        {
            var snippet = block.Contains("class ") ? Snippet.Whole("using System;\n" + block) : Snippet.Of(block);
            Assert.Empty(snippet.Diagnostics());
            Assert.Single(snippet.Run().GeneratedSources);
        });
    }

    public static TheoryData<string, string> Errors => [.. DialectPage.Rows("Errors").Select(row => (row[0], string.Join(" | ", row[2..]).Trim('`')))];

    [Theory]
    [MemberData(nameof(Errors))]
    public void Each_error_s_example_produces_it(string id, string example) => Assert.Equal(id, Assert.Single(Snippet.Of(example).Diagnostics().Select(diagnostic => diagnostic.Id).Distinct()));

    [Fact]
    public void Each_error_of_the_generator_is_in_the_table()
    {
        var rules = typeof(Crypson.Generator.KernelGenerator).Assembly.GetType("Crypson.Generator.Rules")!.GetFields(BindingFlags.Static | BindingFlags.Public);
        var ids = rules.Select(rule => rule.GetValue(null)).OfType<DiagnosticDescriptor>().Select(rule => rule.Id).Order().ToArray();
        Assert.Equal(ids, DialectPage.Rows("Errors").Select(row => row[0]));
    }

    private static KernelTargets Targets(string body) =>
        body.Contains("Warp.") ? KernelTargets.Cuda : body.Contains("Float32x16") ? KernelTargets.OpenCl : KernelTargets.All;

    private static bool IsOfFunctions(string[] row) => row[0].StartsWith("functions of", StringComparison.Ordinal);

    // Each overload for numbers; the table says that Round has no digits and Log no base.
    private static IEnumerable<string> Calls(string type, string function)
    {
        var overloads = Classes[type].GetMethods(BindingFlags.Public | BindingFlags.Static).Where(method => method.Name == function && Numbers.ContainsKey(method.ReturnType)
            && method.GetParameters().All(parameter => Numbers.ContainsKey(parameter.ParameterType)) && !(function is "Round" or "Log" && method.GetParameters().Length > 1)).ToArray();
        Assert.True(overloads.Length > 0, $"{type} has no {function} for numbers");
        var owner = Classes[type].Namespace == "System.Numerics" ? $"System.Numerics.{type}" : type;
        foreach (var overload in overloads)
        {
            var arguments = overload.GetParameters().Select((parameter, j) => parameter.ParameterType == typeof(float) || parameter.ParameterType == typeof(double)
                ? $"({Numbers[parameter.ParameterType]})x[3 * i + {j}]"
                : $"({Numbers[parameter.ParameterType]})(10f * x[3 * i + {j}])");
            var call = $"{owner}.{function}({string.Join(", ", arguments)})";
            yield return overload.ReturnType == typeof(bool) ? $"{call} ? 1 : 0" : call;
        }
    }

    /// <summary>Compiles members of a class with what the generator adds; a call of the launcher of a kernel.</summary>
    private static Action<Device, object, object, object> Launcher(string members, string kernel)
    {
        var type = Snippet.Of(members).Load().GetType("Kernels")!;
        var method = type.GetMethod($"Launch{kernel}", BindingFlags.Static | BindingFlags.NonPublic)!;
        return (device, range, x, y) => method.Invoke(null, [device, range, x, y]);
    }
}
