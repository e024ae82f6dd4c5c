using System.Buffers.Binary;
using System.Globalization;

namespace Crypson.Nn;

/// <summary>
/// The content of one safetensors file in memory (format: https://github.com/huggingface/safetensors). Everything is
/// checked on reading: a value of this type is a whole, consistent file.
/// </summary>
public sealed class SafetensorsFile
{
    /// <summary>The longest header that is read, in bytes: the format's own limit of 100 MB.</summary>
    public const int MaximumHeaderLength = 100_000_000;

    private const int LengthBytes = sizeof(ulong);
    private const int SuggestedNames = 3;

    private readonly string file;
    private readonly Dictionary<string, SafetensorsEntry> entries;
    private readonly string[] names;

    private SafetensorsFile(string file, IReadOnlyList<SafetensorsEntry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        this.file = file;
        this.entries = entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        names = [.. entries.Select(entry => entry.Name)];
        Metadata = metadata;
    }

    /// <summary>The file's <c>__metadata__</c>; empty when it has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The names of all tensors, in the order of the file's header.</summary>
    public IReadOnlyCollection<string> Names => names.AsReadOnly();

    /// <summary>The tensor of a name; <see cref="SafetensorsException"/>, with the nearest names, when there is none.</summary>
    public SafetensorsEntry this[string name] =>
        entries.TryGetValue(name, out var entry) ? entry : throw new SafetensorsException(DescribeMissing(name));

    /// <summary>
    /// Reads a file of up to 2 GiB. Throws <see cref="SafetensorsException"/> when it is not a sound safetensors file,
    /// another <see cref="IOException"/> when it cannot be read.
    /// </summary>
    public static SafetensorsFile Read(string path)
    {
        if (Directory.Exists(path))
        {
            throw new SafetensorsException($"{path}: is a directory, not a safetensors file");
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        return Read(stream, path);
    }

    /// <summary>Reads a stream to its end; <paramref name="nameForErrors"/> begins every error text.</summary>
    public static SafetensorsFile Read(Stream stream, string nameForErrors)
    {
        var length = stream.CanSeek ? stream.Length - stream.Position : 0;
        if (length > Array.MaxLength)
        {
            throw new SafetensorsException($"{nameForErrors}: {length} bytes are too many; files of up to 2 GiB can be read");
        }

        if (stream.CanSeek)
        {
            var bytes = GC.AllocateUninitializedArray<byte>((int)length);
            var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return Read(bytes.AsMemory(0, read), nameForErrors);
        }

        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return Read(memory.GetBuffer().AsMemory(0, (int)memory.Length), nameForErrors);
    }

    /// <summary>
    /// Reads a whole file that is already in memory. The bytes are not copied: they must not change afterwards.
    /// </summary>
    public static SafetensorsFile Read(ReadOnlyMemory<byte> content, string nameForErrors)
    {
        var header = FindHeader(content.Span, nameForErrors);
        var parsed = SafetensorsHeader.Parse(header, nameForErrors);
        var data = content[(LengthBytes + header.Length)..];
        CheckLayout(parsed.Tensors, data.Length, nameForErrors);
        var entries = parsed.Tensors.ConvertAll(tensor => new SafetensorsEntry(
            tensor.Name, tensor.Type, tensor.Shape, data[(int)tensor.Begin..(int)tensor.End], nameForErrors));
        return new SafetensorsFile(nameForErrors, entries, parsed.Metadata);
    }

    /// <summary>Whether there is a tensor of this name.</summary>
    public bool Contains(string name) => entries.ContainsKey(name);

    /// <summary>
    /// Throws <see cref="SafetensorsException"/> when a floating-point tensor holds NaN or an infinity, naming the first.
    /// </summary>
    public void RequireFinite(string name)
    {
        var entry = this[name];
        var values = entry.ToSingles();
        var index = Array.FindIndex(values, value => !float.IsFinite(value));
        if (index >= 0)
        {
            throw entry.Fault(string.Create(CultureInfo.InvariantCulture, $"holds {values[index]} at flat position {index}"));
        }
    }

    private static ReadOnlySpan<byte> FindHeader(ReadOnlySpan<byte> content, string file)
    {
        if (content.Length < LengthBytes)
        {
            throw Foreign(content, file, $"{content.Length} bytes are too few for a header length");
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(content);
        var rest = content[LengthBytes..];
        if (length > MaximumHeaderLength)
        {
            throw Foreign(content, file, $"the header length {length} is above the limit of {MaximumHeaderLength} bytes");
        }

        if (length > (ulong)rest.Length)
        {
            throw Foreign(content, file, $"the header length {length} reaches beyond the end of the file ({content.Length} bytes)");
        }

        var header = rest[..(int)length];
        return header is [(byte)'{', ..] ? header : throw Foreign(content, file, "the header does not begin with '{'");
    }

    private static SafetensorsException Foreign(ReadOnlySpan<byte> content, string file, string fault)
    {
        var guess = content switch
        {
            [] => "an empty file",
            [(byte)'P', (byte)'K', 3, 4, ..] => "a zip archive (a PyTorch checkpoint is one)",
            [0x80, >= 2 and <= 5, ..] => "a Python pickle",
            [0x1F, 0x8B, ..] => "gzip data",
            [0x89, (byte)'H', (byte)'D', (byte)'F', ..] => "an HDF5 file",
            [0x93, (byte)'N', (byte)'U', (byte)'M', ..] => "a NumPy array",
            _ when content.StartsWith("version https://git-lfs"u8) => "a Git LFS pointer, not the file itself",
            _ => null,
        };
        var hint = guess is null ? "" : $"\n  hint: it looks like {guess}";
        return new SafetensorsException($"{file}: not a safetensors file: {fault}{hint}");
    }

    // The tensors' bytes have to cover the data exactly once: no hole, no overlap, nothing behind the last one.
    private static void CheckLayout(List<SafetensorsHeader.Tensor> tensors, int dataLength, string file)
    {
        var end = 0L;
        var previous = "";
        foreach (var tensor in tensors.OrderBy(tensor => tensor.Begin).ThenBy(tensor => tensor.End))
        {
            if (tensor.End > dataLength)
            {
                throw new SafetensorsException(
                    $"{file}: tensor '{tensor.Name}' ends at byte {tensor.End} of {dataLength} bytes of data; the file was cut off or is damaged");
            }

            if (tensor.Begin < end)
            {
                throw new SafetensorsException($"{file}: tensors '{previous}' and '{tensor.Name}' overlap at byte {tensor.Begin} of the data");
            }

            if (tensor.Begin > end)
            {
                throw new SafetensorsException($"{file}: bytes {end} to {tensor.Begin} of the data, before tensor '{tensor.Name}', belong to no tensor");
            }

            (previous, end) = (tensor.Name, tensor.End);
        }

        if (end < dataLength)
        {
            throw new SafetensorsException($"{file}: {dataLength - end} bytes after the last tensor belong to no tensor");
        }
    }

    private string DescribeMissing(string name)
    {
        var nearest = names.OrderBy(other => Spelling.Edits(name, other)).Take(SuggestedNames).Select(other => $"'{other}'");
        return names.Length == 0
            ? $"{file}: no tensor '{name}'; the file holds no tensors"
            : $"{file}: no tensor '{name}'\n  hint: the nearest names are {string.Join(", ", nearest)}";
    }
}
