using Crypson.Benchmarks;

namespace Crypson.Cli.Tests;

/// <summary>A cell of the table where a device has no time.</summary>
public sealed class BenchTableTests
{
    private static readonly BenchmarkRow Row = new("step/cgan", "cuda:0", 1e9, 0, () => throw new InvalidOperationException());

    [Fact]
    public void A_cell_is_a_time_or_says_in_words_why_there_is_none()
    {
        Assert.Equal("", BenchTable.Cell(null));
        Assert.Equal("1.500", BenchTable.Cell(new BenchmarkResult(Row, 1.5, 1.25, 5, 0)));
        Assert.Equal("no kernel conv2d", Failed(new NotSupportedException("conv2d: there is no kernel for device cuda:0; move the operands with To(Device.Cpu)")));
        Assert.Equal("no kernel", Failed(new NotSupportedException("there is no kernel for device cuda:0")));
        Assert.Equal("wrong result", Failed(new BenchmarkException("element 3 is 1 instead of 2")));
        Assert.Equal("out of memory", Failed(new OutOfMemoryException()));
        Assert.Equal("failed", Failed(new DriverException("cuda: CUDA_ERROR_UNKNOWN")));
    }

    private static string Failed(Exception error) => BenchTable.Cell(BenchmarkResult.Failed(Row, error));
}
