using Microsoft.CodeAnalysis;

namespace Crypson.Tests;

/// <summary>What cannot be lowered is a build error with an id, a place and a hint; never a wrong kernel.</summary>
public sealed class DiagnosticTests
{
    public static TheoryData<string, string, string> Refused => new()
    {
        // id, the text that the error points to, the members of the class
        { "CRY0001", "int", "[Kernel] static int K(Index1D i) => i;" },
        { "CRY0001", "ref int x", "[Kernel] static void K(Index1D i, ref int x) { }" },
        { "CRY0001", "string s", "[Kernel] static void K(Index1D i, string s) { }" },
        { "CRY0001", "(int, int) pair", "[Kernel] static void K(Index1D i, (int, int) pair) { }" },
        { "CRY0001", "T x", "[Kernel] [KernelFor(typeof(int))] static void K<T>(Index1D i, T x) where T : struct { }" },
        { "CRY0001", "Index1D j", "[Kernel] static void K(Index1D i, Index1D j, ArrayView<int> y) => y[i] = j;" },
        { "CRY0001", "Index2D at", "[Kernel] static void K(ArrayView<int> y, Index2D at) => y[at.X] = at.Y;" },
        { "CRY0003", "s = x.ToString()", "[Kernel] static void K(Index1D i, int x) { var s = x.ToString(); }" },
        { "CRY0003", "d = 1m", "[Kernel] static void K(Index1D i) { var d = 1m; }" },
        { "CRY0003", "d = DateTime.Now", "[Kernel] static void K(Index1D i) { var d = DateTime.Now; }" },
        { "CRY0003", "o = x", "[Kernel] static void K(Index1D i, int x) { IComparable o = x; }" },
        { "CRY0003", "default", "struct View { public ArrayView<int> X; } [Kernel] static void K(Index1D i, ArrayView<int> x) => Help(default); static void Help(View v) { }" },
        { "CRY0004", "(new int[3])[0]", "[Kernel] static void K(Index1D i) { int n = (new int[3])[0]; }" },
        { "CRY0004", "throw new Exception();", "[Kernel] static void K(Index1D i) { throw new Exception(); }" },
        { "CRY0004", "try { } finally { }", "[Kernel] static void K(Index1D i) { try { } finally { } }" },
        { "CRY0004", "foreach (var c in stackalloc int[2]) { }", "[Kernel] static void K(Index1D i) { foreach (var c in stackalloc int[2]) { } }" },
        { "CRY0004", "again: if (i > 3) { goto again; }", "[Kernel] static void K(Index1D i) { again: if (i > 3) { goto again; } }" },
        { "CRY0004", "case > 5:", "[Kernel] static void K(Index1D i, int n) { switch (n) { case > 5: break; } }" },
        { "CRY0004", "scale", "readonly struct Op(float scale) { public float Apply(float x) => scale * x; } [Kernel] static void K(Index1D i, Op op, ArrayView<float> y) => y[i] = op.Apply(2f);" },
        { "CRY0004", "s.P = 1", "struct S { private int x; public int P { get => x; set => x = value; } } [Kernel] static void K(Index1D i) { S s = default; int n; n = s.P = 1; }" },
        { "CRY0004", "s.P", "struct S { private int x; public int P { get => x; set => x = value; } } [Kernel] static void K(Index1D i) { S s = default; s.P += 2; }" },
        { "CRY0004", "P", "static int P { get; set; } [Kernel] static void K(Index1D i) { P = 3; }" },
        { "CRY0003", "s = stackalloc float[2]", "[Kernel] static void K(Index1D i) { Span<float> s = stackalloc float[2]; s[0] = 1; }" },
        { "CRY0005", "Guid.NewGuid()", "[Kernel] static void K(Index1D i) { Guid.NewGuid(); }" },
        { "CRY0005", "MathF.ScaleB(x, 3)", "[Kernel] static void K(Index1D i, float x, ArrayView<float> y) => y[i] = MathF.ScaleB(x, 3);" },
        { "CRY0005", "Local()", "[Kernel] static void K(Index1D i) { int n = 0; Local(); void Local() { n++; } }" },
        { "CRY0006", "Fib(n - 1)", "[Kernel] static void K(Index1D i, ArrayView<int> y) => y[i] = Fib(i); static int Fib(int n) { if (n < 2) { return n; } return Fib(n - 1) + n; }" },
        { "CRY0007", "count", "static int count; [Kernel] static void K(Index1D i, ArrayView<int> y) => y[i] = count;" },
        { "CRY0007", "Table", "struct P { public int X; } static readonly P Table = new P { X = 4 }; [Kernel] static void K(Index1D i, ArrayView<int> y) { y[i] = Table.X; }" },
        { "CRY0007", "count", "static int count; [Kernel] static void K(Index1D i) => count = 3;" },
        { "CRY0008", "SharedMemory.Allocate<int>(n)", "[Kernel] static void K(int n) { var s = SharedMemory.Allocate<int>(n); }" },
        { "CRY0008", "SharedMemory.Allocate<int>(4)", "[Kernel] static void K(ArrayView<int> y) => Help(y); static void Help(ArrayView<int> y) { var s = SharedMemory.Allocate<int>(4); s[0] = 1; y[0] = s[0]; }" },
        { "CRY0009", "x", "[Kernel] static void K(ArrayView<int> x, ArrayView<int> y) { x = y; }" },
        { "CRY0009", "Atomic.Add(ref n, 1)", "[Kernel] static void K(Index1D i) { int n = 0; Atomic.Add(ref n, 1); }" },
        { "CRY0009", "ArrayView<int>", "[Kernel] static void K(ArrayView<int> x) { var y = Rest(x); } static ArrayView<int> Rest(ArrayView<int> x) => x.SubView(1);" },
        { "CRY0010", "Warp.ShuffleDown(x, 1)", "[Kernel] static void K(int x, ArrayView<int> y) => y[0] = Warp.ShuffleDown(x, 1);" },
        { "CRY0010", "Warp.LaneIdx", "[Kernel] static void K(ArrayView<int> y) => y[0] = Warp.LaneIdx;" },
        { "CRY0010", "Float32x16.Broadcast(1f).Store(y, 0)", "[Kernel] static void K(Index1D i, ArrayView<float> y) => Float32x16.Broadcast(1f).Store(y, 0);" },
        { "CRY0011", "Group.Barrier()", "[Kernel] static void K(Index1D i) => Group.Barrier();" },
        { "CRY0011", "Group.IdxX", "[Kernel] static void K(Index1D i, ArrayView<int> y) => y[i] = Group.IdxX;" },
        { "CRY0012", "void", "[Kernel] static void K<T>(Index1D i, T x) where T : unmanaged { }" },
        { "CRY0012", "void", "[Kernel] [KernelFor(typeof(int), typeof(int))] static void K<T>(Index1D i, T x) where T : unmanaged { }" },
        { "CRY0013", "x + 1", "[Kernel] static void K(Index1D i, int x, ArrayView<int> y) => y[i] = checked(x + 1);" },
        { "CRY0014", "y[i] = 1;", "[Kernel] static void K(Index1D i, ArrayView<int> y) { Loop.Unroll(); y[i] = 1; }" },
        { "CRY0014", "Loop.Unroll();", "[Kernel] static void K(Index1D i, ArrayView<int> y) { y[i] = 1; Loop.Unroll(); }" },
        { "CRY0015", "void", "[Kernel] static void K(Index1D i) { } [Kernel] static void K(Index2D i) { }" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Refused_with_an_id_a_place_and_a_hint(string id, string place, string members)
    {
        var snippet = Snippet.Of(members);
        var diagnostic = snippet.Diagnostics().First();
        Assert.Equal(id, diagnostic.Id);
        Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity);
        Assert.Matches("^kernel K: .+; hint: .+", diagnostic.GetMessage());
        Assert.Equal("Snippet0.cs", diagnostic.Location.GetLineSpan().Path);
        Assert.Equal(place, snippet.Compilation.SyntaxTrees[0].ToString().Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length));
        Assert.Empty(snippet.Run().GeneratedSources);
    }

    [Theory]
    [InlineData("static class Kernels { [Crypson.Kernels.Kernel] static void K(Crypson.Kernels.Index1D i) { } }")]
    [InlineData("static partial class Kernels<T> { [Crypson.Kernels.Kernel] static void K(Crypson.Kernels.Index1D i) { } }")]
    [InlineData("static class Outer { static partial class Kernels { [Crypson.Kernels.Kernel] static void K(Crypson.Kernels.Index1D i) { } } }")]
    public void The_container_must_be_partial_and_not_generic(string source) =>
        Assert.Equal("CRY0002", Snippet.Whole(source).Diagnostics().First().Id);

    [Theory]
    [InlineData("CRY0016", "public float F(float x) { for (;;) { } }")]
    [InlineData("CRY0016", "public float F(float x) => MathF.Tan(x);")]
    [InlineData("CRY0016", "public float F(float x) => G(x); static float G(float x) => x;")]
    [InlineData("CRY0016", "public float F(float x) => x % 2f;")]
    [InlineData("CRY0016", "public double F(double x) => x;")]
    public void Elementwise_functions_that_have_no_form_for_vectors(string id, string member)
    {
        var diagnostic = Assert.Single(Snippet.Of($"internal partial struct Op {{ [Elementwise] {member} }}").Diagnostics());
        Assert.Equal(id, diagnostic.Id);
        Assert.Matches("^function F: .+; hint: .+", diagnostic.GetMessage());
    }

    [Fact]
    public void Each_refused_statement_of_a_kernel_is_reported()
    {
        var diagnostics = Snippet.Of("""
            [Kernel]
            static void K(Index1D i, ArrayView<int> y)
            {
                var a = new int[3];
                y[i] = Help(i);
                y[i] = checked(y[i] * 2);
            }

            static int Help(int n)
            {
                throw new InvalidOperationException();
            }
            """).Diagnostics();
        Assert.Equal(["CRY0003", "CRY0004", "CRY0013"], diagnostics.Select(diagnostic => diagnostic.Id).Distinct().Order());
    }

    /// <summary>Messages named the methods of the compiler, such as get_Length and op_Equality.</summary>
    [Theory]
    [InlineData("System.Version.Major has no source in this project", "[Kernel] static void K(Index1D i, ArrayView<int> y) => y[i] = Environment.Version.Major;")]
    [InlineData("System.Collections.Generic.List<int>.this[] has no source in this project", "static readonly System.Collections.Generic.List<int> L = []; [Kernel] static void K(Index1D i, ArrayView<int> y) => y[i] = new System.Collections.Generic.List<int>()[0];")]
    [InlineData("== of System.Guid has no source in this project", "[Kernel] static void K(Index1D i, ArrayView<int> y) => y[i] = new Guid() == new Guid() ? 1 : 0;")]
    [InlineData("== calls itself", "struct P { public static bool operator ==(P a, P b) => a == b; public static bool operator !=(P a, P b) => false; public override bool Equals(object? o) => false; public override int GetHashCode() => 0; } [Kernel] static void K(Index1D i, ArrayView<int> y) { P p = default; y[i] = p == p ? 1 : 0; }")]
    [InlineData("Depth calls itself", "struct P { public int Depth => Depth + 1; } [Kernel] static void K(Index1D i, ArrayView<int> y) { P p = default; y[i] = p.Depth; }")]
    [InlineData("the view @float is changed", "[Kernel] static void K(ArrayView<int> @float, ArrayView<int> y) { @float = y; }")]
    [InlineData("`typeof(int)` cannot be lowered", "[Kernel] static void K(Index1D i) { _ = typeof(int); }")]
    public void A_message_names_things_as_they_are_written(string words, string members) =>
        Assert.Contains(words, Snippet.Of(members).Diagnostics()[0].GetMessage());

    /// <summary>A failure of the generator was a warning, and no kernel had a launcher.</summary>
    [Fact]
    public void A_failure_of_the_generator_is_an_error_at_the_kernel()
    {
        var sum = string.Join(" + ", Enumerable.Repeat("x", 30_000));
        var snippet = Snippet.Of($"[Kernel] static void K(Index1D i, int x, ArrayView<int> y) => y[i] = {sum}; [Kernel] static void Other(Index1D i) {{ }}");
        var result = snippet.Run();
        Assert.Null(result.Exception);
        var diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal("CRY0004", diagnostic.Id);
        Assert.StartsWith("kernel K: the generator failed on it (InsufficientExecutionStackException: ", diagnostic.GetMessage());
        Assert.Equal("void", snippet.Compilation.SyntaxTrees[0].ToString().Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length));
        Assert.Contains("LaunchOther", Assert.Single(result.GeneratedSources).SourceText.ToString());
    }

    /// <summary>What the compiler refuses is not refused once more with a reason that hides its own.</summary>
    [Theory]
    [InlineData("CS1503", "[Kernel] static void K(Index1D i, ArrayView<double> y) { Atomic.Add(ref y[i], 1.0); }")]
    [InlineData("CS0029", "[Kernel] static void K(Index1D i, ArrayView<int> y) { int n = \"text\"; y[i] = n; }")]
    [InlineData("CS0019", "[Kernel] static void K(Index1D i, ArrayView<float> y) { y[i] = y[i] ^ 2; }")]
    public void An_error_of_the_compiler_stands_alone(string id, string members)
    {
        var snippet = Snippet.Of(members);
        var result = snippet.Run();
        Assert.Empty(result.Diagnostics);
        Assert.Empty(result.GeneratedSources);
        Assert.Contains(snippet.Compilation.GetDiagnostics(), error => error.Id == id);
    }

    /// <summary>Generators do not see each other's types: such a kernel had no launcher and no error.</summary>
    [Theory]
    [InlineData("CRY0003", "the type Made of the parameter x is not known here", "[Kernel] static void K(Index1D i, Made x) { }")]
    [InlineData("CRY0003", "the type Made of the parameter x is not known here", "[Kernel] static void K(Index1D i, ArrayView<Made> x) { }")]
    [InlineData("CRY0012", "KernelFor names a type that is not known here", "[Kernel] [KernelFor(typeof(Made))] static void K<T>(Index1D i, T x) where T : unmanaged { }")]
    [InlineData("CRY0003", "the type Made is not known here", "[Kernel] static void K(Index1D i) { Made made = default; }")]
    [InlineData("CRY0004", "`Made.Number()` is not known here", "[Kernel] static void K(Index1D i, ArrayView<int> y) { y[i] = Made.Number(); }")]
    [InlineData("CRY0004", "`Made.Number() * 2f` has a name that is not known here", "[Kernel] static void K(Index1D i, ArrayView<float> y) { y[i] = Made.Number() * 2f; }")]
    public void A_type_that_another_generator_makes_is_refused(string id, string words, string members)
    {
        var diagnostic = Snippet.Of(members).Run().Diagnostics[0];
        Assert.Equal(id, diagnostic.Id);
        Assert.Contains(words, diagnostic.GetMessage());
        Assert.Contains("hint: if another source generator makes it", diagnostic.GetMessage());
        Assert.True(diagnostic.Location.SourceSpan.Length > 0);
    }
}
