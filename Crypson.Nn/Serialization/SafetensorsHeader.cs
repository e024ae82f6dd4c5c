using System.Text.Json;

namespace Crypson.Nn;

/// <summary>The JSON header of a safetensors file, read strictly: what the format does not name is a fault.</summary>
internal sealed class SafetensorsHeader
{
    internal const string MetadataName = "__metadata__";

    private readonly string file;
    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    private SafetensorsHeader(string file) => this.file = file;

    /// <summary>The tensors in the order of the header; their places are not yet checked against the data.</summary>
    public List<Tensor> Tensors { get; } = [];

    /// <summary>The <c>__metadata__</c> map.</summary>
    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads a header; throws <see cref="SafetensorsException"/> naming the file and the fault.</summary>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, string file)
    {
        var header = new SafetensorsHeader(file);
        try
        {
            header.ReadAll(new Utf8JsonReader(json));
        }
        catch (JsonException e)
        {
            throw new SafetensorsException($"{file}: the header is not valid JSON: {FirstSentence(e.Message)}", e);
        }
        catch (InvalidOperationException e)
        {
            // Utf8JsonReader.GetString: bytes that are not UTF-8, or half a surrogate pair.
            throw new SafetensorsException($"{file}: the header holds text that is not valid Unicode", e);
        }

        return header;
    }

    private static string FirstSentence(string message) => message.Split(". ")[0].TrimEnd('.');

    private void ReadAll(Utf8JsonReader reader)
    {
        reader.Read();
        while (ReadName(ref reader, out var name))
        {
            if (!names.Add(name))
            {
                throw Fault($"'{name}' appears twice in the header");
            }

            Expect(ref reader, JsonTokenType.StartObject, $"'{name}' is not an object");
            if (name == MetadataName)
            {
                ReadMetadata(ref reader);
            }
            else
            {
                ReadTensor(ref reader, name);
            }
        }

        // Nothing but white space may follow; Read throws on anything else.
        reader.Read();
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        while (ReadName(ref reader, out var key))
        {
            Expect(ref reader, JsonTokenType.String, $"{MetadataName} '{key}' is not a string");
            if (!Metadata.TryAdd(key, reader.GetString()!))
            {
                throw Fault($"{MetadataName} '{key}' appears twice");
            }
        }
    }

    private void ReadTensor(ref Utf8JsonReader reader, string name)
    {
        SafetensorsType? type = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        while (ReadName(ref reader, out var key))
        {
            switch (key)
            {
                case "dtype" when type is null:
                    type = ReadType(ref reader, name);
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(ref reader, name, key);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(ref reader, name, key);
                    break;
                case "dtype" or "shape" or "data_offsets":
                    throw Fault($"tensor '{name}' has '{key}' twice");
                default:
                    throw Fault($"tensor '{name}' has an unknown key '{key}'");
            }
        }

        if (type is not { } known || shape is null || offsets is null)
        {
            throw Fault($"tensor '{name}' lacks {(type is null ? "dtype" : shape is null ? "shape" : "data_offsets")}");
        }

        if (offsets is not [var begin, var end] || begin > end)
        {
            throw Fault($"tensor '{name}' has data_offsets [{string.Join(", ", offsets)}]; a begin and an end are needed");
        }

        var size = ByteSize(shape, known, name);
        if (end - begin != size)
        {
            throw Fault($"tensor '{name}' takes {size} bytes as {known} [{string.Join(", ", shape)}], but its data_offsets span {end - begin}");
        }

        Tensors.Add(new Tensor(name, known, shape.ConvertAll(dimension => (int)dimension).ToArray(), begin, end));
    }

    private SafetensorsType ReadType(ref Utf8JsonReader reader, string name)
    {
        Expect(ref reader, JsonTokenType.String, $"tensor '{name}' has a dtype that is not a string");
        var text = reader.GetString()!;
        return SafetensorsTypes.TryParse(text, out var type)
            ? type
            : throw Fault($"tensor '{name}' has the unknown dtype '{text}'\n  hint: known are {SafetensorsTypes.AllNames}");
    }

    private List<long> ReadNumbers(ref Utf8JsonReader reader, string name, string key)
    {
        var fault = $"tensor '{name}' has a {key} that is not an array of non-negative integers";
        Expect(ref reader, JsonTokenType.StartArray, fault);
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number < 0)
            {
                throw Fault(fault);
            }

            numbers.Add(number);
        }

        return numbers;
    }

    private long ByteSize(List<long> shape, SafetensorsType type, string name)
    {
        // A dimension of 0 empties the tensor, but the others still have to be representable.
        long size = type.ByteSize();
        foreach (var dimension in shape)
        {
            if (dimension > int.MaxValue || dimension > 0 && size > long.MaxValue / dimension)
            {
                throw Fault($"tensor '{name}' has the shape [{string.Join(", ", shape)}], which is too large");
            }

            size *= dimension;
        }

        return size;
    }

    // The next property's name, or false at the end of the object.
    private static bool ReadName(ref Utf8JsonReader reader, out string name)
    {
        reader.Read();
        var isName = reader.TokenType == JsonTokenType.PropertyName;
        name = isName ? reader.GetString()! : "";
        return isName;
    }

    private void Expect(ref Utf8JsonReader reader, JsonTokenType type, string fault)
    {
        reader.Read();
        if (reader.TokenType != type)
        {
            throw Fault(fault);
        }
    }

    private SafetensorsException Fault(string fault) => new($"{file}: {fault}");

    /// <summary>One tensor of the header; offsets count from the end of the header.</summary>
    internal readonly record struct Tensor(string Name, SafetensorsType Type, int[] Shape, long Begin, long End);
}
