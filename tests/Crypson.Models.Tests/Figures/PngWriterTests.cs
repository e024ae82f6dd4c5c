namespace Crypson.Models.Tests;

public sealed class PngWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(13, 7)]
    [InlineData(300, 200)]
    public void Grey_pictures_decode_to_the_same_pixels(int width, int height)
    {
        var pixels = new byte[width * height];
        new Random(1).NextBytes(pixels);
        PngWriter.Save(_folder["new/folder/a.png"], new GreyImage(width, height, pixels));
        var picture = PngDecoder.Decode(File.ReadAllBytes(_folder["new/folder/a.png"]));
        Assert.Equal((width, height, 1), (picture.Width, picture.Height, picture.Channels));
        Assert.Equal(pixels, picture.Pixels);
        Assert.Single(Directory.GetFiles(_folder["new/folder"]));
    }

    [Fact]
    public void Colour_pictures_decode_to_the_same_pixels()
    {
        byte[] pixels = [255, 0, 0, 0, 255, 0, 0, 0, 255, 1, 2, 3];
        using var stream = new MemoryStream();
        PngWriter.WriteRgb(stream, 2, 2, pixels);
        var picture = PngDecoder.Decode(stream.ToArray());
        Assert.Equal((2, 2, 3), (picture.Width, picture.Height, picture.Channels));
        Assert.Equal(pixels, picture.Pixels);

        PngWriter.SaveRgb(_folder["a.png"], 2, 2, pixels);
        Assert.Equal(stream.ToArray(), File.ReadAllBytes(_folder["a.png"]));
    }

    // The check value of the CRC catalogues, and the bit-wise form.
    [Fact]
    public void Checksum_is_crc_32()
    {
        Assert.Equal(0xCBF43926u, Crc32.Compute("1234"u8, "56789"u8));
        Assert.Equal(PngDecoder.Crc("1234567890"u8), Crc32.Compute([], "1234567890"u8));
    }

    [Fact]
    public void Wrong_sizes_are_refused()
    {
        Assert.Throws<ArgumentException>(() => PngWriter.Write(Stream.Null, new GreyImage(2, 2, new byte[3])));
        Assert.Throws<ArgumentOutOfRangeException>(() => PngWriter.Write(Stream.Null, new GreyImage(0, 2, [])));
    }
}
