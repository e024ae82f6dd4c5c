using System.Buffers.Binary;
using System.Text;

namespace Crypson.Nn.Tests.Serialization;

/// <summary>Builds safetensors files by hand, sound or not.</summary>
internal static class SafetensorsBytes
{
    /// <summary>Length, header and data, whatever they hold.</summary>
    public static byte[] Build(string header, int dataLength, ulong? length = null) =>
        Build(Encoding.UTF8.GetBytes(header), dataLength, length);

    /// <summary>Length, header and data, whatever they hold.</summary>
    public static byte[] Build(byte[] header, int dataLength, ulong? length = null)
    {
        var bytes = new byte[8 + header.Length + dataLength];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length ?? (ulong)header.Length);
        header.CopyTo(bytes, 8);
        return bytes;
    }
}
