using System.Globalization;
using Crypson.Nn;

namespace Crypson.Models;

/// <summary>
/// Which character each class of a data set stands for. Immutable. EMNIST Balanced and ByMerge have 47 classes: the
/// digits, the capitals, and the lower-case letters a b d e f g h n q r t; the other 15 share the class of their
/// capital, because the two look alike. EMNIST ByClass has 62: digits, A-Z, a-z.
/// </summary>
public sealed class ClassMapping : IEquatable<ClassMapping>
{
    private const string Digits = "0123456789";
    private const string Capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const int AsciiCount = 128;

    private readonly string characters;
    private readonly sbyte[] classOf;

    private ClassMapping(string characters, int firstLabel)
    {
        this.characters = characters;
        FirstLabel = firstLabel;
        classOf = new sbyte[AsciiCount];
        Array.Fill(classOf, (sbyte)-1);
        for (var i = 0; i < characters.Length; i++)
        {
            classOf[characters[i]] = (sbyte)i;
        }

        for (var c = 'a'; c <= 'z'; c++)
        {
            if (classOf[c] < 0)
            {
                classOf[c] = classOf[c - 'a' + 'A'];
            }
        }
    }

    /// <summary>The 47 classes of EMNIST Balanced, in its order.</summary>
    public static ClassMapping Balanced { get; } = Parse(Digits + Capitals + "abdefghnqrt");

    /// <summary>The 62 classes of EMNIST ByClass, in its order.</summary>
    public static ClassMapping ByClass { get; } = Parse(Digits + Capitals + Capitals.ToLowerInvariant());

    /// <summary>Number of classes.</summary>
    public int Count => characters.Length;

    /// <summary>The character of each class, in class order.</summary>
    public IReadOnlyList<char> Characters => characters.ToCharArray();

    /// <summary>The label that label files use for class 0: 0, or 1 in the split "letters".</summary>
    public int FirstLabel { get; }

    /// <summary>The character of a class.</summary>
    public char this[int classIndex] => characters[classIndex];

    /// <summary>
    /// The class of a character, or -1 when there is none. A lower-case letter without a class of its own has the
    /// class of its capital.
    /// </summary>
    public int ClassOf(char character) => character < AsciiCount ? classOf[character] : -1;

    /// <summary>Reads a mapping from its characters in class order, as <see cref="ToString"/> writes them.</summary>
    /// <exception cref="DataException">Empty, a character twice, or something other than printable ASCII.</exception>
    public static ClassMapping Parse(string characters) => Create(characters, 0, "class mapping");

    /// <summary>
    /// Reads an EMNIST mapping file: one line per class, label and ASCII code; labels count up from 0 or 1. Further
    /// codes on a line (the split "letters" names both cases) must be the other case of the first.
    /// </summary>
    /// <exception cref="DataException">The file is missing, or a line is not understood.</exception>
    public static ClassMapping Load(string path)
    {
        string[] lines;
        try
        {
            // 128 classes at most, a dozen characters each: anything longer is another file.
            lines = new FileInfo(path) is { Exists: true, Length: <= 4096 }
                ? File.ReadAllLines(path)
                : throw new DataException(File.Exists(path)
                    ? $"'{path}' is not a mapping file: lines \"label ASCII-code\" are expected, it is far longer"
                    : $"'{path}' not found; the mapping file (lines \"label ASCII-code\") belongs to the split");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"'{path}' cannot be read: {e.Message.TrimEnd('.')}", e);
        }

        var characters = "";
        var firstLabel = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            var words = lines[i].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
            {
                continue;
            }

            var numbers = Array.ConvertAll(words, w => int.TryParse(w, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1);
            if (numbers.Length < 2 || numbers.Any(n => n is < 0 or >= AsciiCount) || numbers[2..].Any(n => (n ^ numbers[1]) != 0x20))
            {
                throw new DataException($"'{path}' line {i + 1}: \"label ASCII-code\" is expected, like \"10 65\"");
            }

            if (characters.Length == 0 && numbers[0] == 1)
            {
                firstLabel = 1;
            }

            if (numbers[0] != firstLabel + characters.Length)
            {
                throw new DataException($"'{path}' line {i + 1}: label {numbers[0]} where {firstLabel + characters.Length} is expected; labels count up by one");
            }

            characters += (char)numbers[1];
        }

        return Create(characters, firstLabel, $"'{path}'");
    }

    /// <summary>Writes an EMNIST mapping file, which <see cref="Load"/> reads back.</summary>
    public void Save(string path) => AtomicFile.Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
        for (var i = 0; i < Count; i++)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{FirstLabel + i} {(int)characters[i]}"));
        }
    });

    /// <summary>The characters in class order: a line for model metadata that <see cref="Parse"/> reads back.</summary>
    public override string ToString() => characters;

    /// <summary>Same characters in the same order.</summary>
    public bool Equals(ClassMapping? other) => other is not null && characters == other.characters;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ClassMapping);

    /// <inheritdoc/>
    public override int GetHashCode() => characters.GetHashCode(StringComparison.Ordinal);

    private static ClassMapping Create(string characters, int firstLabel, string source)
    {
        if (characters.Length == 0)
        {
            throw new DataException($"{source}: no classes; one character per class is expected");
        }

        for (var i = 0; i < characters.Length; i++)
        {
            if (characters[i] is <= ' ' or >= '\x7F')
            {
                throw new DataException($"{source}: class {i} is character code {(int)characters[i]}; printable ASCII is expected");
            }

            if (characters.IndexOf(characters[i]) < i)
            {
                throw new DataException($"{source}: '{characters[i]}' stands for two classes, {characters.IndexOf(characters[i])} and {i}");
            }
        }

        return new ClassMapping(characters, firstLabel);
    }
}
