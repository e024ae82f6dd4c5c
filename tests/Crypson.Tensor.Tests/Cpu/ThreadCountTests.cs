using Crypson.Cpu;

namespace Crypson.Tests.Cpu;

/// <summary>Alone, so that no other test keeps the workers busy and none sees the thread count change.</summary>
[CollectionDefinition("workers", DisableParallelization = true)]
[Collection("workers")]
public sealed unsafe class ThreadCountTests
{
    [Theory]
    [InlineData(128, 200, 300)]
    [InlineData(700, 130, 520)]
    [InlineData(16, 16, 40000)]
    [InlineData(1, 1000, 1000)]
    [InlineData(1000, 1, 1000)]
    [InlineData(1100, 70, 4100)]
    public void Product_has_the_same_bits_with_any_thread_count(int m, int n, int k)
    {
        var a = Numbers.Random(1, (long)m * k);
        var b = Numbers.Random(2, (long)k * n);
        AssertSameBits(
            m * n,
            c =>
            {
                fixed (float* pa = a, pb = b)
                {
                    Gemm.Multiply(m, n, k, pa, k, 1, pb, n, 1, c, n);
                }
            });
    }

    [Theory]
    [InlineData("b16 32x8x8 -> 48 k4 s2 p1")]
    [InlineData("b16 1x32x32 -> 64 k4 s2 p1")]
    [InlineData("b8 1x32x32 -> 1 k3 s1 p1")]
    [InlineData("b33 16x16x16 -> 8 k3 s1 p1")]
    [InlineData("b16 32x16x16 -> 64 k3 s2 p1")]
    [InlineData("b40 128x4x4 -> 64 k3 s2 p1")]
    public void Convolution_has_the_same_bits_with_any_thread_count(string spec)
    {
        var s = ConvolutionCases.Parse(spec);
        var (x, weight, dy) = ConvolutionCases.Operands(s);
        fixed (float* px = x, pw = weight, pdy = dy)
        {
            var (addressX, addressWeight, addressDy) = ((nint)px, (nint)pw, (nint)pdy);
            AssertSameBits(dy.Length, y => Convolution.Forward(s, (float*)addressX, (float*)addressWeight, null, y));
            AssertSameBits(x.Length, dx => Convolution.BackwardData(s, (float*)addressDy, (float*)addressWeight, null, dx));
            AssertSameBits(weight.Length, dw => Convolution.BackwardWeight(s, (float*)addressX, (float*)addressDy, dw));
        }
    }

    [Fact]
    public void Calls_allocate_nothing_once_their_shapes_have_been_seen()
    {
        RunRepeatedly("b16 32x8x8 -> 48 k4 s2 p1");
        RunRepeatedly("b16 32x8x8 -> 64 k3 s2 p1");
    }

    private static void RunRepeatedly(string spec)
    {
        var s = ConvolutionCases.Parse(spec);
        var (x, weight, dy) = ConvolutionCases.Operands(s);
        fixed (float* px = x, pw = weight, pdy = dy)
        {
            // A thread's scratch memory and a kernel's statics come with the first group it takes, which may be in any of the
            // first runs: the workers may have taken all before. An allocation per call is in every run.
            var least = long.MaxValue;
            for (var i = 0; i < 10; i++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                RunAll(s, px, pw, pdy);
                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }

            Assert.Equal(0, least);
        }
    }

    private static void RunAll(in ConvolutionShape s, float* x, float* weight, float* dy)
    {
        Convolution.Forward(s, x, weight, null, dy);
        Convolution.BackwardWeight(s, x, dy, weight);
        Convolution.BackwardData(s, dy, weight, null, x);
        Gemm.Multiply(64, 48, 100, x, 100, 1, dy, 48, 1, weight, 48);
        Gemm.MultiplyBatched(3, 64, 1, 32, x, 0, 1, 64, dy, 32, 1, 1, weight, 64, 1);
    }

    private delegate void Compute(float* result);

    private static void AssertSameBits(int length, Compute compute)
    {
        var before = Workers.ThreadCount;
        try
        {
            uint[]? expected = null;
            foreach (var threads in new[] { 1, 2, 2, 5 })
            {
                Workers.ThreadCount = threads;
                var result = new uint[length];
                fixed (uint* p = result)
                {
                    compute((float*)p);
                }

                expected ??= result;
                Assert.Equal(expected, result);
            }
        }
        finally
        {
            Workers.ThreadCount = before;
        }
    }
}
