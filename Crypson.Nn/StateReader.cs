using System.Globalization;

namespace Crypson.Nn;

/// <summary>Reads tensors by name from a safetensors file and knows at the end which ones nobody asked for.</summary>
/// <param name="file">The file's content.</param>
public sealed class StateReader(SafetensorsFile file)
{
    private readonly HashSet<string> read = [];

    /// <summary>The file's text entries.</summary>
    public IReadOnlyDictionary<string, string> Metadata => file.Metadata;

    /// <summary>Copies a tensor of the file into <paramref name="destination"/>.</summary>
    /// <exception cref="SafetensorsException">It is missing, has another shape or type, or holds NaN or infinity.</exception>
    public void Read(string name, Tensor destination)
    {
        var entry = file[name];
        if (entry.Shape is var shape && !destination.Shape.Sizes.SequenceEqual(shape))
        {
            throw new SafetensorsException(
                $"tensor '{name}' has shape [{string.Join(", ", shape)}], the model wants {destination.Shape}\n"
                + "  hint: the file was made with other layer sizes or another class count");
        }

        if (entry.Type != SafetensorsType.F32)
        {
            throw new SafetensorsException($"tensor '{name}' has type {entry.Type}, the model wants F32\n  hint: convert the file to float32");
        }

        file.RequireFinite(name);
        destination.CopyFrom(entry.ToSingles());
        read.Add(name);
    }

    /// <summary>A text entry of the file.</summary>
    /// <exception cref="SafetensorsException">It is missing.</exception>
    public string Text(string name) => Metadata.TryGetValue(name, out var text)
        ? text
        : throw new SafetensorsException($"the file has no entry '{name}' in its metadata\n  hint: it was not written by Crypson, or for another purpose");

    /// <summary>A text entry of the file that is a whole number of 0 or more.</summary>
    /// <exception cref="SafetensorsException">It is missing or something else.</exception>
    public long Integer(string name) => long.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
        ? value
        : throw new SafetensorsException($"metadata entry '{name}' is '{Text(name)}', not a whole number");

    /// <summary>A text entry of the file that is a number; it may be NaN.</summary>
    /// <exception cref="SafetensorsException">It is missing or something else.</exception>
    public double Number(string name) => double.TryParse(Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        ? value
        : throw new SafetensorsException($"metadata entry '{name}' is '{Text(name)}', not a number");

    /// <summary>Throws, naming them, when the file holds tensors that were not read.</summary>
    /// <remarks>PyTorch's counters <c>num_batches_tracked</c> carry nothing here and are passed over.</remarks>
    public void RequireNothingLeft()
    {
        var left = file.Names.Where(name => !read.Contains(name) && !name.EndsWith("num_batches_tracked", StringComparison.Ordinal)).ToList();
        if (left.Count > 0)
        {
            throw new SafetensorsException(
                $"the file holds {left.Count} {(left.Count == 1 ? "tensor" : "tensors")} the model does not have: {string.Join(", ", left.Take(3))}{(left.Count > 3 ? ", ..." : string.Empty)}\n"
                + "  hint: the file belongs to another kind of model");
        }
    }
}
