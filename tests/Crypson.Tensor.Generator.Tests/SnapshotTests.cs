namespace Crypson.Tests;

/// <summary>
/// The text of a few kernels, as it was read and found right. To take a change over, run the tests with
/// CRYPSON_UPDATE_SNAPSHOTS=1 and read the difference.
/// </summary>
public sealed class SnapshotTests
{
    [Theory]
    [InlineData("Scale")]
    [InlineData("GroupSums")]
    [InlineData("MatMul")]
    [InlineData("Order")]
    [InlineData("Structs")]
    [InlineData("Apply_Shifted")]
    [InlineData("VectorsOfFour")]
    [InlineData("WarpSum")]
    public void The_text_is_what_it_was(string kernel)
    {
        var program = Programs.Own[kernel];
        Compare($"{kernel}.cl", program.OpenCl);
        Compare($"{kernel}.cu", program.Cuda);
    }

    // A language that the kernel is not made for has no file.
    private static void Compare(string file, string? text)
    {
        var path = Path.Combine(SourceTree.Root, "tests", "Crypson.Tensor.Generator.Tests", "Snapshots", file);
        if (text is not null && Environment.GetEnvironmentVariable("CRYPSON_UPDATE_SNAPSHOTS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        Assert.Equal(File.Exists(path) ? File.ReadAllText(path) : null, text);
    }
}
