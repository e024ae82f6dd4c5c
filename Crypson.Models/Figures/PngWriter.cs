using System.Buffers.Binary;
using System.IO.Compression;
using Crypson.Nn;

namespace Crypson.Models;

/// <summary>
/// Writes PNG pictures (W3C PNG specification), 8 bits per channel, grey or RGB. The same pixels give the same bytes
/// on one version of the runtime; no time or program name is stored.
/// </summary>
public static class PngWriter
{
    private const byte Grey = 0;
    private const byte Rgb = 2;

    /// <summary>Writes a grey picture. The file appears complete or not at all; missing folders are made.</summary>
    public static void Save(string path, GreyImage image) => AtomicFile.Write(path, stream => Write(stream, image));

    /// <summary>Writes a grey picture to a stream, which stays open.</summary>
    public static void Write(Stream stream, GreyImage image) => Write(stream, image.Width, image.Height, Grey, 1, image.Pixels);

    /// <summary>Writes a colour picture, [height, width, 3]. The file appears complete or not at all; missing folders are made.</summary>
    public static void SaveRgb(string path, int width, int height, byte[] pixels) =>
        AtomicFile.Write(path, stream => WriteRgb(stream, width, height, pixels));

    /// <summary>Writes a colour picture, [height, width, 3], to a stream, which stays open.</summary>
    public static void WriteRgb(Stream stream, int width, int height, byte[] pixels) => Write(stream, width, height, Rgb, 3, pixels);

    private static void Write(Stream stream, int width, int height, byte colourType, int channels, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (pixels.Length != (long)width * height * channels)
        {
            throw new ArgumentException($"png: {pixels.Length} bytes do not make {width} x {height} pixels of {channels}", nameof(pixels));
        }

        stream.Write([0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n']);

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, colourType);
        WriteChunk(stream, "IHDR"u8, header);

        using var body = new MemoryStream();
        using (var zlib = new ZLibStream(body, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var stride = width * channels;
            for (var y = 0; y < height; y++)
            {
                // Filter type 0: the rows as they are. Flat letters on paper gain little from the others.
                zlib.WriteByte(0);
                zlib.Write(pixels, y * stride, stride);
            }
        }

        WriteChunk(stream, "IDAT"u8, body.GetBuffer().AsSpan(0, (int)body.Length));
        WriteChunk(stream, "IEND"u8, []);
    }

    private static void WriteChunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        stream.Write(number);
        stream.Write(type);
        stream.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Compute(type, data));
        stream.Write(number);
    }
}
