namespace Crypson.Tests.RandomNumbers;

/// <summary>Tensors filled by several threads hold the numbers of one sequential stream.</summary>
[Collection("workers")]
public sealed class FillTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(8191)]
    [InlineData(8193)]
    [InlineData(50_003)]
    public void Filling_follows_the_stream(int count)
    {
        var before = CpuDevice.Threads;
        try
        {
            foreach (var threads in new[] { 1, 2, 3 })
            {
                CpuDevice.Threads = threads;
                var (sequential, random) = (new Philox(3, 1) { Counter = 17 }, new Philox(3, 1) { Counter = 17 });
                var want = new float[count];
                sequential.Uniform(want, 0.1f, 0.7f);
                Assert.Equal(want, Tensor.Uniform([count], random, 0.1f, 0.7f).ToArray());
                sequential.Normal(want, -1, 3);
                Assert.Equal(want, Tensor.Normal([count], random, -1, 3).ToArray());
                Assert.Equal(sequential.Counter, random.Counter);
            }
        }
        finally
        {
            CpuDevice.Threads = before;
        }
    }
}
