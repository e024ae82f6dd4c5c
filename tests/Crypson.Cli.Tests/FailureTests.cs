namespace Crypson.Cli.Tests;

/// <summary>What a failure is called in the terminal, where no command of a transcript can bring it about.</summary>
public sealed class FailureTests
{
    [Fact]
    public void Memory_that_runs_out_is_told_with_its_sizes()
    {
        var (message, hint) = Failure.Describe(new OutOfMemoryException("cuda:0: out of memory allocating 1024 bytes (7 of 1030 in use); use a smaller batch"));
        Assert.Equal("cuda:0: out of memory allocating 1024 bytes (7 of 1030 in use)", message);
        Assert.Equal("use a smaller --batch-size, or fewer images", hint);
        Assert.Equal(("there is not enough memory", hint), Failure.Describe(new OutOfMemoryException()));
    }
}
