using System.Text;

namespace Crypson.Messaging.Tests;

/// <summary>
/// What the published program got wrong on the way from text to latents and back. Each message goes the whole way: bytes,
/// symbols, latents, mask, file, and back. A symbol's latent is its number eight times, in place of the models.
/// </summary>
public sealed class OriginalDefectTests
{
    private const float Step = 1f / 4096;

    private static readonly byte[] ModelHash = new byte[MessageFile.ModelHashLength];

    private static readonly SymbolCodec Codec = new(SymbolCodec.MergedAlphabet);

    /// <summary>The original compared masked floats for equality and lost about half of all line ends.</summary>
    [Fact]
    public void Newlines_are_exact_under_every_mask()
    {
        var text = string.Concat(Enumerable.Repeat("\n", 1000)) + "a\r\nb\n\n c\t\n";
        Assert.Equal(text, SendAndReceive(text));
    }

    /// <summary>In the original 15 capitals share a class with their lower-case letter and came back in lower case.</summary>
    [Fact]
    public void Capitals_are_kept()
    {
        const string text = "CIJKLMOPSUVWXYZ cijklmopsuvwxyz ABDEFGHNQRT abdefghnqrt I am; O sOS";
        Assert.Equal(text, SendAndReceive(text));
    }

    /// <summary>The original turned punctuation into spaces and crashed on a letter outside its alphabet.</summary>
    [Theory]
    [InlineData("é")]
    [InlineData("café, Straße; Ελλάδα, 日本語, 👩‍🚀 — “done”.")]
    [InlineData("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")]
    [InlineData("   ")]
    [InlineData("\0\u0001\u007f\uFFFD")]
    public void Any_text_arrives_as_it_was(string text) => Assert.Equal(text, SendAndReceive(text));

    /// <summary>The original read a message of one character as eight.</summary>
    [Theory]
    [InlineData("a")]
    [InlineData("7")]
    [InlineData(" ")]
    [InlineData("Q")]
    [InlineData("Z")]
    public void A_message_of_one_character_stays_one(string text) => Assert.Equal(text, SendAndReceive(text));

    /// <summary>The original counted time in float32, where steps collide from 2^24 on.</summary>
    [Theory]
    [InlineData(1UL << 24)]
    [InlineData((1UL << 53) + 1)]
    [InlineData(ulong.MaxValue - 100)]
    public void Large_time_steps_do_not_collide(ulong start) => Assert.Equal("Time flies", SendAndReceive("Time flies", start));

    /// <summary>The original sent about 167 bytes for each letter.</summary>
    [Fact]
    public void A_plain_letter_takes_sixteen_bytes() =>
        Assert.Equal(16 * 10, Send("aaaaaaaaaabbbbbbbbbb", 0).Length - Send("aaaaaaaaaa", 0).Length);

    private static string SendAndReceive(string text, ulong start = 0) => Receive(Send(text, start));

    private static byte[] Send(string text, ulong start)
    {
        var symbols = Codec.Encode(Encoding.UTF8.GetBytes(text));
        var quantizer = new LatentQuantizer(Step);
        var masked = new short[LatentQuantizer.LatentLength * symbols.Length];
        for (var i = 0; i < symbols.Length; i++)
        {
            var latent = Enumerable.Repeat(symbols[i] * 0.01f, LatentQuantizer.LatentLength).ToArray();
            var place = masked.AsSpan(i * LatentQuantizer.LatentLength, LatentQuantizer.LatentLength);
            Assert.True(quantizer.TryQuantize(latent, place));
            LatentQuantizer.AddMask(place, Mask(start + (ulong)i));
        }

        using var stream = new MemoryStream();
        new MessageFile(MessageTime.Continuous, start, ModelHash, Step, masked).Write(stream);
        return stream.ToArray();
    }

    private static string Receive(byte[] bytes)
    {
        var message = MessageFile.Read(new MemoryStream(bytes));
        var quantizer = new LatentQuantizer(message.Step);
        var latents = message.Latents.ToArray();
        var latent = new float[LatentQuantizer.LatentLength];
        var symbols = new int[message.SymbolCount];
        for (var i = 0; i < symbols.Length; i++)
        {
            var place = latents.AsSpan(i * LatentQuantizer.LatentLength, LatentQuantizer.LatentLength);
            LatentQuantizer.SubtractMask(place, Mask(message.StartTime + (ulong)i));
            quantizer.Dequantize(place, latent);
            symbols[i] = (int)MathF.Round(latent[^1] / 0.01f);
        }

        return Encoding.UTF8.GetString(Codec.Decode(symbols));
    }

    // Any function of the time step serves here; this one fills the whole 16-bit range.
    private static short[] Mask(ulong time)
    {
        var (x, y, z, w) = Philox.Block(1, 2, time);
        return [(short)x, (short)(x >> 16), (short)y, (short)(y >> 16), (short)z, (short)(z >> 16), (short)w, (short)(w >> 16)];
    }
}
