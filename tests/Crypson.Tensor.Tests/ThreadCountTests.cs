using Crypson.Tests.Ops;

namespace Crypson.Tests;

/// <summary>Every row of the table, on operands of several groups of work: the same bits with one thread and with more.</summary>
[Collection("workers")]
public sealed class ThreadCountTests
{
    [Theory]
    [MemberData(nameof(OpTests.Names), MemberType = typeof(OpTests))]
    public void Results_have_the_same_bits_with_any_thread_count(string name)
    {
        var row = OpTests.Find(name);
        var before = CpuDevice.Threads;
        try
        {
            CpuDevice.Threads = 1;
            var want = Compute(row);
            foreach (var threads in new[] { 2, 3 })
            {
                CpuDevice.Threads = threads;
                var got = Compute(row);
                Assert.Equal(want.Length, got.Length);
                for (var i = 0; i < want.Length; i++)
                {
                    Assert.True(want[i].AsSpan().SequenceEqual(got[i]), $"{name}: tensor {i} differs with {threads} threads");
                }
            }
        }
        finally
        {
            CpuDevice.Threads = before;
        }
    }

    // The value and all gradients, as bits.
    private static int[][] Compute(OpCase row)
    {
        using var scope = new TensorScope();
        var operands = row.Operands(row.Big);
        var y = row.Run(operands);
        if (y.RequiresGrad)
        {
            y.Backward(OpCase.Arriving(y.Shape));
        }

        return [Bits(y), .. operands.Where(operand => operand.Grad is not null).Select(operand => Bits(operand.Grad!))];
    }

    private static int[] Bits(Tensor tensor) => Array.ConvertAll(tensor.ToArray(), BitConverter.SingleToInt32Bits);
}
