using System.Buffers.Binary;
using System.IO.Compression;
using Crypson.Nn;

namespace Crypson.Models;

/// <summary>
/// The IDX format of MNIST and EMNIST (LeCun, Cortes, Burges: "The MNIST database"): a big-endian header (magic 2051,
/// count, rows, columns for images; magic 2049, count for labels), then one byte per pixel or label. Files are plain
/// or gzip; which one is told by their first bytes, not by their name.
/// </summary>
public static class IdxFile
{
    /// <summary>First four bytes of an image file.</summary>
    public const int ImageMagic = 2051;

    /// <summary>First four bytes of a label file.</summary>
    public const int LabelMagic = 2049;

    /// <summary>The largest accepted side of an image.</summary>
    public const int MaxSide = 256;

    /// <summary>The largest accepted number of images; the whole of EMNIST has 814,255.</summary>
    public const int MaxCount = 1 << 20;

    private const long MaxPixels = 1L << 30;

    // A deflate stream never grows by more than this factor, so a header that promises more is wrong.
    private const long MaxDeflateRatio = 1032;

    /// <summary>Reads a file of square images of side 1 to <see cref="MaxSide"/>.</summary>
    /// <exception cref="DataException">The file is missing, unreadable, of another kind, truncated or oversized.</exception>
    public static IdxImages ReadImages(string path) => Read(path, source =>
    {
        source.ReadMagic(ImageMagic);
        var count = source.ReadCount("images");
        var (rows, columns) = (source.ReadUInt32(), source.ReadUInt32());
        if (rows == 0 || columns == 0 || rows > MaxSide || columns > MaxSide || rows != columns)
        {
            throw new DataException($"{source.Name}: images of {rows} x {columns} pixels; square images of 1 x 1 to {MaxSide} x {MaxSide} are needed (EMNIST has 28 x 28)");
        }

        var length = (long)count * rows * columns;
        if (length > MaxPixels)
        {
            throw new DataException($"{source.Name}: the header promises {count} images of {rows} x {columns}, more than {MaxPixels >> 20} MiB; the file is damaged or not EMNIST");
        }

        return new IdxImages(count, (int)rows, (int)columns, source.ReadBody((int)length));
    });

    /// <summary>Reads a file of labels.</summary>
    /// <exception cref="DataException">The file is missing, unreadable, of another kind, truncated or oversized.</exception>
    public static byte[] ReadLabels(string path) => Read(path, source =>
    {
        source.ReadMagic(LabelMagic);
        return source.ReadBody(source.ReadCount("labels"));
    });

    /// <summary>Writes images; compressed when the name ends in .gz. The file appears complete or not at all.</summary>
    public static void WriteImages(string path, IdxImages images)
    {
        if (images.Pixels.Length != (long)images.Count * images.Rows * images.Columns)
        {
            throw new ArgumentException($"{images.Pixels.Length} pixels do not make {images.Count} images of {images.Rows} x {images.Columns}", nameof(images));
        }

        Write(path, images.Pixels, ImageMagic, images.Count, images.Rows, images.Columns);
    }

    /// <summary>Writes labels; compressed when the name ends in .gz. The file appears complete or not at all.</summary>
    public static void WriteLabels(string path, byte[] labels) => Write(path, labels, LabelMagic, labels.Length);

    private static T Read<T>(string path, Func<Source, T> read)
    {
        if (!File.Exists(path))
        {
            throw new DataException($"'{path}' not found; check the data folder");
        }

        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            var isGzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
            file.Position = 0;
            using var stream = isGzip ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : (Stream)file;
            return read(new Source($"'{path}'", stream, isGzip ? file.Length * MaxDeflateRatio : file.Length));
        }
        catch (InvalidDataException e)
        {
            throw new DataException($"'{path}' is truncated or damaged: the gzip stream cannot be unpacked; download it again", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"'{path}' cannot be read: {e.Message.TrimEnd('.')}", e);
        }
    }

    private static void Write(string path, byte[] body, params ReadOnlySpan<int> header)
    {
        var head = new byte[header.Length * 4];
        for (var i = 0; i < header.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(i * 4), header[i]);
        }

        AtomicFile.Write(path, file =>
        {
            using var packed = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
                ? new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true)
                : null;
            var stream = packed ?? file;
            stream.Write(head);
            stream.Write(body);
        });
    }

    // longest: no honest file of this size unpacks to more bytes.
    private sealed class Source(string name, Stream stream, long longest)
    {
        private int position;

        public string Name => name;

        public void ReadMagic(int expected)
        {
            var magic = ReadUInt32();
            if (magic == expected)
            {
                return;
            }

            var wanted = expected == ImageMagic ? "images" : "labels";
            throw new DataException(magic switch
            {
                ImageMagic => $"{name} holds images where {wanted} are expected (magic {magic}); are the image and label files swapped?",
                LabelMagic => $"{name} holds labels where {wanted} are expected (magic {magic}); are the image and label files swapped?",
                _ => $"{name} is not an IDX file of {wanted}: it starts with {magic} instead of {expected}",
            });
        }

        public int ReadCount(string what)
        {
            var count = ReadUInt32();
            return count is > 0 and <= MaxCount
                ? (int)count
                : throw new DataException($"{name}: the header promises {count} {what}; 1 to {MaxCount} can be read");
        }

        public uint ReadUInt32()
        {
            Span<byte> four = stackalloc byte[4];
            var read = stream.ReadAtLeast(four, 4, throwOnEndOfStream: false);
            position += read;
            return read == 4
                ? BinaryPrimitives.ReadUInt32BigEndian(four)
                : throw new DataException($"{name} is truncated: it ends after {position} bytes, inside its header");
        }

        public byte[] ReadBody(int length)
        {
            if (position + (long)length > longest)
            {
                throw new DataException($"{name} is truncated: the header promises {position + (long)length} bytes, a file of this size holds at most {longest}; download it again");
            }

            var body = new byte[length];
            var read = stream.ReadAtLeast(body, length, throwOnEndOfStream: false);
            if (read < length)
            {
                throw new DataException($"{name} is truncated: {position + (long)read} of {position + (long)length} bytes; download it again");
            }

            return stream.ReadByte() < 0
                ? body
                : throw new DataException($"{name} is oversized: bytes follow the {position + (long)length} that its header promises");
        }
    }
}
