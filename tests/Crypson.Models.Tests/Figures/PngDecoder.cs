using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Crypson.Models.Tests;

/// <summary>Reads 8-bit grey and RGB pictures without filters; checks every chunk's checksum bit by bit.</summary>
internal static class PngDecoder
{
    public static (int Width, int Height, int Channels, byte[] Pixels) Decode(byte[] file)
    {
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], file[..8]);
        var (width, height, channels) = (0, 0, 0);
        using var packed = new MemoryStream();
        var position = 8;
        var types = new List<string>();
        while (position < file.Length)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(position));
            var type = Encoding.ASCII.GetString(file, position + 4, 4);
            var data = file.AsSpan(position + 8, length);
            Assert.Equal(Crc(file.AsSpan(position + 4, length + 4)), BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(position + 8 + length)));
            if (type == "IHDR")
            {
                (width, height) = (BinaryPrimitives.ReadInt32BigEndian(data), BinaryPrimitives.ReadInt32BigEndian(data[4..]));
                Assert.Equal(8, data[8]);
                channels = data[9] == 0 ? 1 : data[9] == 2 ? 3 : throw new InvalidDataException($"colour type {data[9]}");
                Assert.Equal([0, 0, 0], data[10..].ToArray());
            }
            else if (type == "IDAT")
            {
                packed.Write(data);
            }

            types.Add(type);
            position += length + 12;
        }

        Assert.Equal(["IHDR", "IDAT", "IEND"], types);
        packed.Position = 0;
        using var unpacked = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionMode.Decompress))
        {
            zlib.CopyTo(unpacked);
        }

        var rows = unpacked.ToArray();
        var stride = width * channels + 1;
        Assert.Equal(height * stride, rows.Length);
        var pixels = new byte[width * height * channels];
        for (var y = 0; y < height; y++)
        {
            Assert.Equal(0, rows[y * stride]);
            rows.AsSpan(y * stride + 1, stride - 1).CopyTo(pixels.AsSpan(y * (stride - 1)));
        }

        return (width, height, channels, pixels);
    }

    public static uint Crc(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
            }
        }

        return ~crc;
    }
}
