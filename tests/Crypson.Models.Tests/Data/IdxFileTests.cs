using System.Buffers.Binary;
using System.IO.Compression;
using Crypson.Nn;

namespace Crypson.Models.Tests;

public sealed class IdxFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("images")]
    [InlineData("images.gz")]
    public void Images_and_labels_come_back_as_written(string name)
    {
        var pixels = new byte[3 * 28 * 28];
        new Random(1).NextBytes(pixels);
        IdxFile.WriteImages(_folder[name], new IdxImages(3, 28, 28, pixels));
        IdxFile.WriteLabels(_folder["labels"], [7, 0, 46]);

        var images = IdxFile.ReadImages(_folder[name]);

        Assert.Equal((3, 28, 28), (images.Count, images.Rows, images.Columns));
        Assert.Equal(pixels, images.Pixels);
        Assert.Equal(pixels.AsSpan(2 * 784, 784), images.Image(2));
        Assert.Equal([7, 0, 46], IdxFile.ReadLabels(_folder["labels"]));
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
    }

    [Fact]
    public void Header_is_big_endian()
    {
        IdxFile.WriteLabels(_folder["labels"], [5, 6]);
        Assert.Equal([0, 0, 8, 1, 0, 0, 0, 2, 5, 6], File.ReadAllBytes(_folder["labels"]));
    }

    [Fact]
    public void Compression_is_told_by_content_not_by_name()
    {
        File.WriteAllBytes(_folder["plain.gz"], Idx(1, 2049, 1));
        File.WriteAllBytes(_folder["packed"], Gzip(Idx(1, 2049, 1)));
        Assert.Single(IdxFile.ReadLabels(_folder["plain.gz"]));
        Assert.Single(IdxFile.ReadLabels(_folder["packed"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Malformed_image_files_are_refused_with_the_reason(bool packed)
    {
        Refused("is truncated: it ends after 6 bytes, inside its header", new byte[] { 0, 0, 8, 3, 0, 0 });
        Refused("is truncated: it ends after 0 bytes, inside its header", []);
        Refused("holds labels where images are expected (magic 2049); are the image and label files swapped?", Idx(4, 2049, 4));
        Refused("is not an IDX file of images: it starts with 1 instead of 2051", Idx(4, 1, 1));
        Refused("the header promises 0 images; 1 to 1048576 can be read", Idx(0, 2051, 0, 28, 28));
        Refused("the header promises 4294967295 images; 1 to 1048576 can be read", Idx(0, 2051, -1, 28, 28));
        Refused("images of 0 x 28 pixels; square images of 1 x 1 to 256 x 256 are needed (EMNIST has 28 x 28)", Idx(0, 2051, 1, 0, 28));
        Refused("images of 28 x 27 pixels", Idx(28 * 27, 2051, 1, 28, 27));
        Refused("images of 257 x 257 pixels", Idx(0, 2051, 1, 257, 257));
        Refused("the header promises 1000000 images of 256 x 256, more than 1024 MiB", Idx(0, 2051, 1_000_000, 256, 256));
        Refused("is truncated: the header promises 784000016 bytes, a file of this size holds at most ", Idx(0, 2051, 1_000_000, 28, 28));
        Refused("is oversized: bytes follow the 800 that its header promises", Idx(785, 2051, 1, 28, 28));

        void Refused(string message, byte[] content) => IdxFileTests.Refused(
            message, _folder["bad"], packed ? Gzip(content) : content, path => IdxFile.ReadImages(path));
    }

    [Fact]
    public void Bodies_that_end_early_are_refused()
    {
        Refused("is truncated: the header promises 800 bytes, a file of this size holds at most 799", _folder["bad"], Idx(783, 2051, 1, 28, 28), p => IdxFile.ReadImages(p));
        Refused("is truncated: 799 of 800 bytes; download it again", _folder["bad"], Gzip(Idx(783, 2051, 1, 28, 28)), p => IdxFile.ReadImages(p));
        Refused("is truncated: 11 of 12 bytes", _folder["bad"], Gzip(Idx(3, 2049, 4)), p => IdxFile.ReadLabels(p));
    }

    [Fact]
    public void Malformed_label_files_are_refused_with_the_reason()
    {
        Refused("holds images where labels are expected (magic 2051); are the image and label files swapped?", _folder["bad"], Idx(784, 2051, 1, 28, 28), p => IdxFile.ReadLabels(p));
        Refused("is oversized: bytes follow the 9 that its header promises", _folder["bad"], Idx(2, 2049, 1), p => IdxFile.ReadLabels(p));
    }

    [Fact]
    public void Damaged_gzip_is_refused()
    {
        var pixels = new byte[2000];
        new Random(2).NextBytes(pixels);
        byte[] header = Idx(0, 2051, 2, 28, 28);
        var packed = Gzip([.. header, .. pixels[..1568]]);
        packed[packed.Length / 2] ^= 0x55;
        Refused("is truncated or damaged: the gzip stream cannot be unpacked; download it again", _folder["bad"], packed, p => IdxFile.ReadImages(p));
        Refused(" bytes; download it again", _folder["bad"], Gzip([.. header, .. pixels[..1568]])[..900], p => IdxFile.ReadImages(p));
    }

    // 64 MiB of zeros pack into 64 KiB: only the promised bytes and one more may be unpacked.
    [Fact]
    public void Decompression_bomb_is_bounded_by_the_header()
    {
        var bomb = Gzip([.. Idx(0, 2051, 1, 28, 28), .. new byte[64 << 20]]);
        File.WriteAllBytes(_folder["bomb"], bomb);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<DataException>(() => IdxFile.ReadImages(_folder["bomb"]));
        Assert.Contains("is oversized", error.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void Missing_file_is_named()
    {
        var error = Assert.Throws<DataException>(() => IdxFile.ReadLabels(_folder["nowhere"]));
        Assert.Equal($"'{_folder["nowhere"]}' not found; check the data folder", error.Message);
    }

    [Fact]
    public void Failed_write_leaves_the_old_file_and_no_other()
    {
        File.WriteAllText(_folder["kept"], "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(_folder["kept"], stream =>
        {
            stream.WriteByte(1);
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", File.ReadAllText(_folder["kept"]));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    private static void Refused(string message, string path, byte[] content, Action<string> read)
    {
        File.WriteAllBytes(path, content);
        var error = Assert.Throws<DataException>(() => read(path));
        Assert.StartsWith($"'{path}'", error.Message);
        Assert.Contains(message, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    internal static byte[] Idx(int bodyLength, params int[] header)
    {
        var bytes = new byte[header.Length * 4 + bodyLength];
        for (var i = 0; i < header.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(i * 4), header[i]);
        }

        return bytes;
    }

    internal static byte[] Gzip(byte[] content)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return memory.ToArray();
    }
}
