namespace Crypson.Models.Tests;

public sealed class SynthesizedDatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Classes_have_equal_counts_and_test_images_are_others()
    {
        var train = SynthesizedDataset.Train(ClassMapping.Balanced, 7, 20);
        var test = SynthesizedDataset.Test(ClassMapping.Balanced, 7, 10);
        Assert.All(train.CountPerClass, count => Assert.Equal(20, count));
        Assert.All(test.CountPerClass, count => Assert.Equal(10, count));
        var seen = Enumerable.Range(0, train.Count).Select(i => Convert.ToHexString(train.Image(i))).ToHashSet();
        Assert.Equal(train.Count, seen.Count);
        Assert.All(Enumerable.Range(0, test.Count), i => Assert.DoesNotContain(Convert.ToHexString(test.Image(i)), seen));
    }

    [Theory]
    [InlineData("47")]
    [InlineData("62")]
    [InlineData("letters")]
    public void Written_files_give_the_same_data_set(string which)
    {
        File.WriteAllLines(_folder["letters"], Enumerable.Range(0, 26).Select(i => $"{i + 1} {'A' + i} {'a' + i}"));
        var classes = which switch
        {
            "47" => ClassMapping.Balanced,
            "62" => ClassMapping.ByClass,
            _ => ClassMapping.Load(_folder["letters"]),
        };
        SynthesizedDataset.Write(_folder.Path, classes, 3, 4, 2);

        var split = EmnistFolder.Choose(_folder.Path);

        Assert.Equal($"synth{classes.Count}", split.Name);
        Assert.True(File.Exists(_folder[$"emnist-{split.Name}-train-images-idx3-ubyte.gz"]));
        AssertSame(SynthesizedDataset.Train(classes, 3, 4), split.LoadTrain());
        AssertSame(SynthesizedDataset.Test(classes, 3, 2), split.LoadTest());
    }

    private static void AssertSame(ImageDataset expected, ImageDataset actual)
    {
        Assert.Equal(expected.Classes, actual.Classes);
        Assert.Equal(expected.Labels.ToArray(), actual.Labels.ToArray());
        for (var i = 0; i < expected.Count; i++)
        {
            Assert.Equal(expected.Image(i), actual.Image(i));
        }
    }
}
