using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Crypson.Nn;

/// <summary>
/// Collects tensors and writes them as one safetensors file. The same calls give the same bytes: metadata are sorted,
/// tensors keep the order they were added in, those with wider elements first so that all data are aligned.
/// </summary>
public sealed class SafetensorsWriter
{
    private const int Alignment = 8;

    private readonly List<Tensor> tensors = [];
    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    /// <summary>The file's <c>__metadata__</c>; left out when empty.</summary>
    public IDictionary<string, string> Metadata { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// Adds an F32 tensor; the values are copied. Throws <see cref="ArgumentException"/> for a name that is taken or
    /// reserved, a negative dimension, or a number of values that is not the product of the shape.
    /// </summary>
    public void Add(string name, ReadOnlySpan<int> shape, ReadOnlySpan<float> values) => Add(name, SafetensorsType.F32, shape, values);

    /// <summary>Adds an I64 tensor; otherwise as the F32 form.</summary>
    public void Add(string name, ReadOnlySpan<int> shape, ReadOnlySpan<long> values) => Add(name, SafetensorsType.I64, shape, values);

    /// <summary>Adds an I32 tensor; otherwise as the F32 form.</summary>
    public void Add(string name, ReadOnlySpan<int> shape, ReadOnlySpan<int> values) => Add(name, SafetensorsType.I32, shape, values);

    /// <summary>Adds a U8 tensor; otherwise as the F32 form.</summary>
    public void Add(string name, ReadOnlySpan<int> shape, ReadOnlySpan<byte> values) => Add(name, SafetensorsType.U8, shape, values);

    /// <summary>Writes the file as <see cref="AtomicFile"/> does: whole or not at all.</summary>
    public void Save(string path) => AtomicFile.Write(path, Write);

    /// <summary>Writes the file's bytes to a stream.</summary>
    public void Write(Stream stream)
    {
        var ordered = tensors.OrderByDescending(tensor => tensor.Type.ByteSize()).ToList();
        var header = WriteHeader(ordered);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var tensor in ordered)
        {
            stream.Write(tensor.Bytes);
        }
    }

    private void Add<T>(string name, SafetensorsType type, ReadOnlySpan<int> shape, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        if (name == SafetensorsHeader.MetadataName)
        {
            throw new ArgumentException($"safetensors: '{name}' is reserved; use Metadata", nameof(name));
        }

        var count = 1L;
        foreach (var dimension in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(dimension, nameof(shape));
            count = checked(count * dimension);
        }

        if (count != values.Length)
        {
            throw new ArgumentException(
                $"safetensors: tensor '{name}' of shape [{string.Join(", ", shape.ToArray())}] takes {count} values, not {values.Length}", nameof(values));
        }

        if (!names.Add(name))
        {
            throw new ArgumentException($"safetensors: tensor '{name}' was added before", nameof(name));
        }

        tensors.Add(new Tensor(name, type, shape.ToArray(), MemoryMarshal.AsBytes(values).ToArray()));
    }

    private byte[] WriteHeader(List<Tensor> ordered)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteMetadata(json);
            var offset = 0L;
            foreach (var tensor in ordered)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.Type.ToString());
                WriteArray(json, "shape", [.. tensor.Shape]);
                WriteArray(json, "data_offsets", offset, offset + tensor.Bytes.Length);
                json.WriteEndObject();
                offset += tensor.Bytes.Length;
            }

            json.WriteEndObject();
        }

        while (buffer.Length % Alignment != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        return buffer.ToArray();
    }

    private void WriteMetadata(Utf8JsonWriter json)
    {
        if (Metadata.Count == 0)
        {
            return;
        }

        json.WriteStartObject(SafetensorsHeader.MetadataName);
        foreach (var (key, value) in Metadata)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter json, string name, params ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    private readonly record struct Tensor(string Name, SafetensorsType Type, int[] Shape, byte[] Bytes);
}
