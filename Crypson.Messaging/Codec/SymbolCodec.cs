namespace Crypson.Messaging;

/// <summary>
/// Writes any bytes as classes of a handwriting alphabet, and back without loss. A letter or digit is its own class,
/// the class 'G' draws a space, the class 'Q' opens a sequence of two classes (capitals whose class means the
/// lower-case letter, punctuation) or three (every other byte). Each byte string has exactly one such form.
/// The full table is in docs/message-format.md.
/// </summary>
public sealed class SymbolCodec
{
    /// <summary>The 47 classes of EMNIST Balanced: 15 lower-case letters share the class of their capital.</summary>
    public const string MergedAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt";

    /// <summary>The 62 classes of EMNIST ByClass.</summary>
    public const string FullAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    // Of the capitals whose class is not shared with a lower-case letter, the two rarest in English.
    private const char EscapeClass = 'Q';
    private const char SpaceClass = 'G';

    private const string Required = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    // Bytes worth a sequence of two classes, most wanted first: an alphabet takes as many as it has room for.
    private const string Frequent = "\n.,'\"-;:!?()/_+=*&@#%$<>[]{}|\\`~^\t\r";

    private const int ByteValues = 256;
    private const int None = -1;

    private readonly string alphabet;
    private readonly int escape;

    // The class of a byte: alone, or after the escape class. None where it has no such form.
    private readonly int[] plain = NewTable(ByteValues);
    private readonly int[] escaped = NewTable(ByteValues);

    // The inverse tables, and the upper digit of a byte that a class means after the escape class.
    private readonly int[] plainByte;
    private readonly int[] escapedByte;
    private readonly int[] upperDigit;

    /// <summary>
    /// A codec for an alphabet: the characters of the classes 0, 1, ... Throws <see cref="ArgumentException"/> unless
    /// they are different printable ASCII characters, among them all digits and capitals.
    /// </summary>
    public SymbolCodec(IEnumerable<char> alphabet)
    {
        this.alphabet = string.Concat(alphabet);
        CheckAlphabet(this.alphabet);
        plainByte = NewTable(ClassCount);
        escapedByte = NewTable(ClassCount);
        upperDigit = NewTable(ClassCount);
        escape = this.alphabet.IndexOf(EscapeClass);
        AssignPlain();
        AssignEscaped();
    }

    /// <summary>Number of classes.</summary>
    public int ClassCount => alphabet.Length;

    /// <summary>The character of each class, class 0 first.</summary>
    public string Alphabet => alphabet;

    /// <summary>The classes (0 to <see cref="ClassCount"/> - 1) that stand for the bytes: one to three for each.</summary>
    public int[] Encode(ReadOnlySpan<byte> bytes)
    {
        var symbols = new List<int>(bytes.Length + bytes.Length / 8);
        foreach (var value in bytes)
        {
            if (plain[value] != None)
            {
                symbols.Add(plain[value]);
                continue;
            }

            symbols.Add(escape);
            if (escaped[value] != None)
            {
                symbols.Add(escaped[value]);
                continue;
            }

            symbols.Add(Array.IndexOf(upperDigit, value / ClassCount));
            symbols.Add(value % ClassCount);
        }

        return [.. symbols];
    }

    /// <summary>
    /// The bytes that <see cref="Encode"/> made these classes from. Throws <see cref="MessageException"/>, naming the
    /// position, for classes that it never makes.
    /// </summary>
    public byte[] Decode(ReadOnlySpan<int> symbols)
    {
        var bytes = new List<byte>(symbols.Length);
        for (var i = 0; i < symbols.Length;)
        {
            var symbol = ClassAt(symbols, i);
            if (symbol != escape)
            {
                bytes.Add((byte)plainByte[symbol]);
                i++;
                continue;
            }

            var second = ClassAt(symbols, i + 1);
            if (escapedByte[second] != None)
            {
                bytes.Add((byte)escapedByte[second]);
                i += 2;
                continue;
            }

            bytes.Add(LongForm(second, symbols, i));
            i += 3;
        }

        return [.. bytes];
    }

    private byte LongForm(int second, ReadOnlySpan<int> symbols, int start)
    {
        if (upperDigit[second] == None)
        {
            throw Invalid(start, $"the class '{alphabet[second]}' means nothing after the escape class '{EscapeClass}'");
        }

        var value = upperDigit[second] * ClassCount + ClassAt(symbols, start + 2);
        if (value >= ByteValues)
        {
            throw Invalid(start, $"the sequence stands for {value}, which is not a byte");
        }

        return plain[value] == None && escaped[value] == None
            ? (byte)value
            : throw Invalid(start, $"the byte 0x{value:x2} is written with three classes although a shorter form exists");
    }

    private int ClassAt(ReadOnlySpan<int> symbols, int index)
    {
        if (index >= symbols.Length)
        {
            throw new MessageException($"the message ends inside an escape sequence, after {symbols.Length} symbols");
        }

        return (uint)symbols[index] < (uint)ClassCount
            ? symbols[index]
            : throw Invalid(index, $"the class {symbols[index]} is outside 0 to {ClassCount - 1}");
    }

    private static MessageException Invalid(int index, string fault) =>
        new($"symbol {index}: {fault}\n  hint: the message is damaged, or was read with another model than it was written with");

    private void AssignPlain()
    {
        for (var i = 0; i < ClassCount; i++)
        {
            if (i != escape)
            {
                var character = alphabet[i] == SpaceClass ? ' ' : Preferred(alphabet[i]);
                plain[character] = i;
                plainByte[i] = character;
            }
        }
    }

    // English is mostly lower case: a class that both cases share means the lower-case letter.
    private char Preferred(char character)
    {
        var lower = char.ToLowerInvariant(character);
        return alphabet.Contains(lower) ? character : lower;
    }

    private void AssignEscaped()
    {
        // A class means its own character when it does not already do so alone ...
        for (var i = 0; i < ClassCount; i++)
        {
            if (plain[alphabet[i]] == None)
            {
                AssignEscaped(alphabet[i], i);
            }
        }

        // ... then the first free classes are the upper digits of three-class sequences, and the others the frequent bytes.
        var digits = (ByteValues + ClassCount - 1) / ClassCount;
        var free = Enumerable.Range(0, ClassCount).Where(i => escapedByte[i] == None).ToArray();
        for (var digit = 0; digit < digits; digit++)
        {
            upperDigit[free[digit]] = digit;
        }

        var wanted = Frequent.Where(character => plain[character] == None && escaped[character] == None);
        foreach (var (symbol, character) in free.Skip(digits).Zip(wanted))
        {
            AssignEscaped(character, symbol);
        }
    }

    private void AssignEscaped(char character, int symbol)
    {
        escaped[character] = symbol;
        escapedByte[symbol] = character;
    }

    private static int[] NewTable(int length)
    {
        var table = new int[length];
        Array.Fill(table, None);
        return table;
    }

    private static void CheckAlphabet(string alphabet)
    {
        if (alphabet.Any(character => character is <= ' ' or > '~'))
        {
            throw new ArgumentException("alphabet: a character is not printable ASCII", nameof(alphabet));
        }

        if (alphabet.Distinct().Count() != alphabet.Length)
        {
            throw new ArgumentException($"alphabet: a character appears twice in '{alphabet}'", nameof(alphabet));
        }

        var missing = string.Concat(Required.Except(alphabet));
        if (missing.Length > 0)
        {
            throw new ArgumentException($"alphabet: '{missing}' are missing; all digits and capitals are needed", nameof(alphabet));
        }
    }
}
