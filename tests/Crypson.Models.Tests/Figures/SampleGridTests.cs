namespace Crypson.Models.Tests;

public sealed class SampleGridTests
{
    [Fact]
    public void Images_stand_side_by_side_as_dark_ink_on_white()
    {
        // Three images of 2 x 2 with ink in one corner each.
        byte[] images = [255, 0, 0, 0, 0, 100, 0, 0, 0, 0, 0, 255];
        var grid = SampleGrid.Draw(images, columns: 2, scale: 2, margin: 1, side: 2);

        Assert.Equal((11, 11), (grid.Width, grid.Height));
        Assert.Equal([232, 0, 0, 255, 255, 232, 255, 255, 155, 155, 232], grid.Pixels[(1 * 11)..(2 * 11)]);
        Assert.Equal([232, 255, 255, 0, 0, 232, 232, 232, 232, 232, 232], grid.Pixels[(9 * 11)..(10 * 11)]);
        Assert.All(grid.Pixels[..11], pixel => Assert.Equal(232, pixel));
    }

    [Fact]
    public void Numbers_are_scaled_and_clamped()
    {
        float[] images = [-1, 0, 1, 2, float.NaN, -3, 0.5f, 1];
        var signed = SampleGrid.Draw(images, PixelRange.MinusOneToOne, 2, 1, 0, 2);
        Assert.Equal([255, 127, 255, 255, 0, 0, 64, 0], signed.Pixels);
        var unit = SampleGrid.Draw(images, PixelRange.ZeroToOne, 2, 1, 0, 2);
        Assert.Equal([255, 255, 255, 255, 0, 0, 127, 0], unit.Pixels);
    }

    [Fact]
    public void Data_set_is_shown_with_one_row_per_class()
    {
        var dataset = SynthesizedDataset.Train(ClassMapping.Parse("AB7"), 1, 2);
        var grid = SampleGrid.DrawClasses(dataset, columns: 3, scale: 1);
        Assert.Equal((3 * 34 + 2, 3 * 34 + 2), (grid.Width, grid.Height));

        // Image 4 of the set, the second B, is in row 1, column 1; its third column is blank.
        for (var x = 0; x < 32; x++)
        {
            Assert.Equal(255 - dataset.Image(4)[16 * 32 + x], grid.Pixels[(36 + 16) * grid.Width + 36 + x]);
            Assert.Equal(255, grid.Pixels[(36 + 16) * grid.Width + 70 + x]);
        }
    }

    [Fact]
    public void Wrong_sizes_are_refused()
    {
        Assert.Throws<ArgumentException>(() => SampleGrid.Draw(new byte[1023], 1));
        Assert.Throws<ArgumentException>(() => SampleGrid.Draw(Array.Empty<byte>(), 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SampleGrid.Draw(new byte[1024], 0));
    }

    // The picture in the documentation is what this code draws, on every machine.
    [Fact]
    public void Picture_in_the_documentation_is_reproduced()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Crypson.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("Crypson.sln is in no folder above the test");
        }

        var file = File.ReadAllBytes(Path.Combine(folder, "docs", "images", "handwriting.png"));
        Assert.InRange(file.Length, 1, 200_000);
        var picture = PngDecoder.Decode(file);
        var sheet = HandwritingSheet.Draw();
        Assert.Equal((sheet.Width, sheet.Height), (picture.Width, picture.Height));
        Assert.Equal(sheet.Pixels, picture.Pixels);
    }
}
