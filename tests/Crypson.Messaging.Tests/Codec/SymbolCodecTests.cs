using System.Text;

namespace Crypson.Messaging.Tests.Codec;

public sealed class SymbolCodecTests
{
    private const string SmallestAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private static readonly SymbolCodec Merged = new(SymbolCodec.MergedAlphabet);

    public static TheoryData<string> Alphabets => new(
        SymbolCodec.MergedAlphabet,
        SymbolCodec.FullAlphabet,
        SmallestAlphabet,
        "zZ" + SmallestAlphabet.Replace("Z", "") + "q.,");

    [Fact]
    public void The_documented_example_holds()
    {
        var bytes = "Hi, Zoë!\n"u8;
        int[] symbols = [17, 18, 26, 8, 16, 26, 35, 24, 26, 4, 7, 26, 3, 30, 26, 15, 26, 6];
        Assert.Equal(symbols, Merged.Encode(bytes));
        Assert.Equal(bytes.ToArray(), Merged.Decode(symbols));
    }

    [Theory]
    [MemberData(nameof(Alphabets))]
    public void Every_byte_pair_round_trips(string alphabet)
    {
        var codec = new SymbolCodec(alphabet);
        for (var first = 0; first < 256; first++)
        {
            Assert.Equal([(byte)first], codec.Decode(codec.Encode([(byte)first])));
            for (var second = 0; second < 256; second++)
            {
                byte[] pair = [(byte)first, (byte)second];
                Assert.Equal(pair, codec.Decode(codec.Encode(pair)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Alphabets))]
    public void Random_byte_strings_round_trip(string alphabet)
    {
        var codec = new SymbolCodec(alphabet);
        var random = new Philox(7);
        for (var round = 0; round < 500; round++)
        {
            var bytes = RandomBytes(random, random.Next(200));
            var symbols = codec.Encode(bytes);
            Assert.All(symbols, symbol => Assert.InRange(symbol, 0, codec.ClassCount - 1));
            Assert.Equal(bytes, codec.Decode(symbols));
        }
    }

    /// <summary>Canonical: whatever is accepted encodes to the very same symbols.</summary>
    [Theory]
    [MemberData(nameof(Alphabets))]
    public void Only_what_Encode_makes_is_accepted(string alphabet)
    {
        var codec = new SymbolCodec(alphabet);
        var escape = alphabet.IndexOf('Q');
        var accepted = 0;
        for (var second = 0; second < codec.ClassCount; second++)
        {
            for (var third = 0; third < codec.ClassCount; third++)
            {
                int[] symbols = [escape, second, third];
                try
                {
                    Assert.Equal(symbols, codec.Encode(codec.Decode(symbols)));
                    accepted++;
                }
                catch (MessageException)
                {
                }
            }
        }

        var longForms = Enumerable.Range(0, 256).Count(value => codec.Encode([(byte)value]).Length == 3);
        var twoForms = Enumerable.Range(0, 256).Count(value => codec.Encode([(byte)value]).Length == 2);
        Assert.Equal(longForms + twoForms * (codec.ClassCount - 1), accepted);
    }

    [Fact]
    public void Random_symbols_give_bytes_or_a_MessageException()
    {
        var random = new Philox(11);
        for (var round = 0; round < 20_000; round++)
        {
            var symbols = new int[random.Next(12)];
            for (var i = 0; i < symbols.Length; i++)
            {
                symbols[i] = random.Next(3) == 0 ? 26 : random.Next(49) - 1;
            }

            try
            {
                Assert.Equal(symbols, Merged.Encode(Merged.Decode(symbols)));
            }
            catch (MessageException e)
            {
                Assert.NotEmpty(e.Message);
            }
        }
    }

    [Theory]
    [InlineData(new[] { 47 }, "symbol 0: the class 47 is outside 0 to 46")]
    [InlineData(new[] { 1, -1 }, "symbol 1: the class -1 is outside 0 to 46")]
    [InlineData(new[] { 1, 26, 99 }, "symbol 2: the class 99 is outside 0 to 46")]
    [InlineData(new[] { 1, 26 }, "ends inside an escape sequence, after 2 symbols")]
    [InlineData(new[] { 26, 3 }, "ends inside an escape sequence, after 2 symbols")]
    [InlineData(new[] { 1, 26, 5, 46 }, "symbol 1: the sequence stands for 281, which is not a byte")]
    [InlineData(new[] { 26, 2, 3 }, "symbol 0: the byte 0x61 is written with three classes")]
    [InlineData(new[] { 26, 0, 10 }, "symbol 0: the byte 0x0a is written with three classes")]
    public void Invalid_symbols_are_named(int[] symbols, string expected) =>
        Assert.Contains(expected, Assert.Throws<MessageException>(() => Merged.Decode(symbols)).Message);

    [Fact]
    public void A_class_without_meaning_is_named()
    {
        var full = new SymbolCodec(SymbolCodec.FullAlphabet);
        var fault = Assert.Throws<MessageException>(() => full.Decode([26, 61, 0]));
        Assert.Contains("symbol 0: the class 'z' means nothing after the escape class 'Q'", fault.Message);
    }

    [Theory]
    [InlineData("0123456789ABCDEFGHIJKLMNOPQRSTUVWXY", "'Z' are missing")]
    [InlineData(SmallestAlphabet + "A", "appears twice")]
    [InlineData(SmallestAlphabet + " ", "not printable ASCII")]
    [InlineData(SmallestAlphabet + "é", "not printable ASCII")]
    [InlineData(SmallestAlphabet + "\0", "not printable ASCII")]
    public void An_unusable_alphabet_is_refused(string alphabet, string expected) =>
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => new SymbolCodec(alphabet)).Message);

    [Fact]
    public void English_takes_little_more_than_one_symbol_a_byte()
    {
        // Lewis Carroll, Alice's Adventures in Wonderland, the first paragraphs.
        var text = Encoding.UTF8.GetBytes("""
            Alice was beginning to get very tired of sitting by her sister on the bank, and of having nothing to do: once
            or twice she had peeped into the book her sister was reading, but it had no pictures or conversations in it,
            "and what is the use of a book," thought Alice "without pictures or conversations?"

            So she was considering in her own mind (as well as she could, for the hot day made her feel very sleepy and
            stupid), whether the pleasure of making a daisy-chain would be worth the trouble of getting up and picking the
            daisies, when suddenly a White Rabbit with pink eyes ran close by her.
            """);
        Assert.InRange(Merged.Encode(text).Length, text.Length, 1.06 * text.Length);
    }

    [Fact]
    public void No_byte_gives_no_symbol()
    {
        Assert.Empty(Merged.Encode([]));
        Assert.Empty(Merged.Decode([]));
    }

    private static byte[] RandomBytes(Philox random, int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
        {
            bytes[i] = (byte)random.NextUInt32();
        }

        return bytes;
    }
}
