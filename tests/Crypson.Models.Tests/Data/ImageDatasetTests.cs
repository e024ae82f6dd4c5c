namespace Crypson.Models.Tests;

public sealed class ImageDatasetTests
{
    [Fact]
    public void Counts_labels_and_pixels_are_what_was_given()
    {
        var dataset = Ramp(5);
        Assert.Equal(5, dataset.Count);
        Assert.Equal(2, dataset.Label(2));
        Assert.Equal([1, 1, 1, 1, 1], dataset.CountPerClass.Take(5));
        Assert.Equal(5, dataset.CountPerClass.Sum());
        Assert.Equal(3 * 7 % 256, dataset.Image(3)[4]);
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.Image(5).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.Image(-1).Length);
    }

    [Fact]
    public void Pixels_become_numbers_in_both_ranges()
    {
        var dataset = new ImageDataset([.. Enumerable.Range(0, 1024).Select(i => (byte)i)], [0], ClassMapping.Balanced);
        var numbers = new float[1024];
        dataset.CopyTo(numbers, 0, PixelRange.ZeroToOne);
        Assert.Equal([0f, 1f / 255f, 1f], [numbers[0], numbers[1], numbers[255]]);
        dataset.CopyTo(numbers, 0, PixelRange.MinusOneToOne);
        Assert.Equal([-1f, 1f], [numbers[256], numbers[255]]);
        Assert.Equal(2.0 * 100 / 255 - 1, numbers[100], 1e-6);
    }

    [Fact]
    public void Batch_is_the_chosen_images_in_order()
    {
        var dataset = Ramp(5);
        var batch = new float[2 * 1024];
        dataset.CopyTo(batch, [4, 1], PixelRange.ZeroToOne);
        Assert.Equal(4 * 7 / 255f, batch[4]);
        Assert.Equal(1 * 7 / 255f, batch[1024]);
        var subset = dataset.Subset([4, 1]);
        Assert.Equal([4, 1], subset.Labels.ToArray());
        Assert.Equal(dataset.Image(1), subset.Image(1));
    }

    [Fact]
    public void Split_is_a_partition_that_depends_on_the_seed_only()
    {
        var dataset = new ImageDataset(new byte[1000 * 1024], new byte[1000], ClassMapping.Balanced);
        var (training, validation) = dataset.Split(1);
        Assert.Equal(50, validation.Length);
        Assert.Equal(Enumerable.Range(0, 1000), training.Concat(validation).Order());
        Assert.Equal(validation, dataset.Split(1).Validation);
        Assert.NotEqual(validation, dataset.Split(2).Validation);
        Assert.Equal([1, 9, 31, 68], validation[..4]);
        Assert.Empty(dataset.Split(1, 0).Validation);
    }

    [Fact]
    public void Wrong_sizes_are_refused()
    {
        Assert.Contains("1023 pixels do not make 1 images", Assert.Throws<DataException>(() => new ImageDataset(new byte[1023], [0], ClassMapping.Balanced)).Message);
        Assert.Contains("label 47 of image 0", Assert.Throws<DataException>(() => new ImageDataset(new byte[1024], [47], ClassMapping.Balanced)).Message);
    }

    // Image i is filled with 7 i and has label i.
    private static ImageDataset Ramp(int count) => new(
        [.. Enumerable.Range(0, count * 1024).Select(i => (byte)(i / 1024 * 7))],
        [.. Enumerable.Range(0, count).Select(i => (byte)i)],
        ClassMapping.Balanced);
}
