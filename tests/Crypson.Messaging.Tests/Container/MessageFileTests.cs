using System.Security.Cryptography;

namespace Crypson.Messaging.Tests.Container;

public sealed class MessageFileTests
{
    // docs/message-format.md, section 3; computed by another program.
    private const string Example =
        "43525950534f4e0101020000000080390100000100000000000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f" +
        "010000000000000000000100ffff000100ffff7f00803930eb8a71def9d5c878e8edd1dfb08010e778ee88e1aa276213b93c654c28d237a0";

    private const float Step = 1f / 4096;

    private static readonly byte[] Hash = [.. Enumerable.Range(0, 32).Select(value => (byte)value)];

    private static readonly short[] Latent = [0, 1, -1, 256, -256, short.MaxValue, short.MinValue, 12345];

    [Fact]
    public void The_documented_example_holds()
    {
        Assert.Equal(Example, Convert.ToHexStringLower(Write(Small())));
        AssertSame(Small(), Read(Convert.FromHexString(Example)));
    }

    [Theory]
    [InlineData(1, 0UL, MessageTime.Continuous)]
    [InlineData(7, 16_777_217UL, MessageTime.Discrete)]
    [InlineData(1, ulong.MaxValue, MessageTime.Continuous)]
    [InlineData(20_000, 1_000_000_007UL, MessageTime.Continuous)]
    public void Everything_written_is_read_back(int symbols, ulong start, MessageTime time)
    {
        var random = new Philox(3);
        var latents = new short[8 * symbols];
        for (var i = 0; i < latents.Length; i++)
        {
            latents[i] = (short)random.NextUInt32();
        }

        var message = new MessageFile(time, start, Hash, 0.001f, latents);
        var bytes = Write(message);
        Assert.Equal(96 + 16 * symbols, bytes.Length);
        AssertSame(message, Read(bytes));
    }

    [Fact]
    public void Every_changed_bit_is_noticed()
    {
        var sound = Write(Small());
        for (var bit = 0; bit < 8 * sound.Length; bit++)
        {
            byte[] damaged = [.. sound];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<MessageException>(() => Read(damaged));
        }
    }

    [Fact]
    public void Every_cut_is_noticed()
    {
        var sound = Write(Small());
        for (var length = 1; length < sound.Length; length++)
        {
            Assert.Contains("cut off", Fault(sound[..length]));
        }
    }

    [Theory]
    [InlineData(new byte[0], "not a crypson message: there are no bytes")]
    [InlineData(new byte[] { 0 }, "not a crypson message: it does not begin")]
    [InlineData(new[] { (byte)'C', (byte)'R', (byte)'Y', (byte)'P', (byte)'T' }, "not a crypson message: it does not begin")]
    public void A_foreign_file_is_named(byte[] content, string expected) => Assert.Contains(expected, Fault(content));

    [Fact]
    public void Random_bytes_behind_the_magic_give_only_MessageExceptions()
    {
        var random = new Philox(5);
        for (var round = 0; round < 5_000; round++)
        {
            var bytes = new byte[8 + random.Next(200)];
            for (var i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)(random.Next(2) == 0 ? 0 : random.NextUInt32());
            }

            "CRYPSON\x01\x01"u8[..Math.Min(9, bytes.Length)].CopyTo(bytes);
            Assert.Throws<MessageException>(() => Read(bytes));
        }
    }

    [Theory]
    [InlineData(7, 2, "format version 2; this program reads version 1\n  hint: update crypson")]
    [InlineData(7, 0, "impossible format version 0")]
    [InlineData(8, 2, "unknown mode 2")]
    [InlineData(70, 0x55, "altered or damaged")]
    [InlineData(9, 1, "altered or damaged")]
    [InlineData(111, 0x55, "altered or damaged")]
    public void Changed_bytes_are_named(int offset, byte value, string expected)
    {
        var bytes = Write(Small());
        bytes[offset] = value;
        Assert.Contains(expected, Fault(bytes));
    }

    /// <summary>A valid checksum does not make nonsense acceptable.</summary>
    [Theory]
    [InlineData(9, 3, "unknown time embedding 3")]
    [InlineData(10, 1, "reserved bytes")]
    [InlineData(11, 1, "reserved bytes")]
    [InlineData(15, 0xBF, "quantisation step")]
    [InlineData(15, 0x7F, "quantisation step")]
    public void Nonsense_under_a_fresh_checksum_is_named(int offset, byte value, string expected)
    {
        var bytes = Write(Small());
        bytes[offset] = value;
        if (offset == 15)
        {
            // 0x7FC00000 is not a number; 0xBF.. is negative.
            bytes[14] = 0xC0;
        }

        Assert.Contains(expected, Fault(Seal(bytes)));
    }

    [Fact]
    public void A_message_past_the_last_time_step_is_refused()
    {
        var fault = Assert.Throws<MessageException>(() => new MessageFile(MessageTime.Continuous, ulong.MaxValue, Hash, Step, new short[16]));
        Assert.Contains("run past the last", fault.Message);
    }

    [Fact]
    public void Bytes_behind_the_message_are_named() => Assert.Contains("followed by bytes", Fault([.. Write(Small()), (byte)'\n']));

    [Fact]
    public void An_empty_message_is_refused_when_written_and_when_read()
    {
        var fault = Assert.Throws<MessageException>(() => new MessageFile(MessageTime.Continuous, 0, Hash, Step, []));
        Assert.Equal("the message is empty", fault.Message);
        var bytes = Write(Small());
        bytes[56] = 0;
        Assert.StartsWith("the message is empty", Fault(Seal([.. bytes[..64], .. bytes[80..]])));
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData((ulong)MessageFile.MaximumSymbols + 1)]
    public void An_absurd_count_is_named(ulong count)
    {
        var bytes = Write(Small());
        BitConverter.TryWriteBytes(bytes.AsSpan(56), count);
        Assert.Contains($"{count} symbols; at most 16777216", Fault(bytes));
    }

    [Fact]
    public void Memory_follows_the_bytes_that_arrive_not_the_count()
    {
        var bytes = Write(Small());
        BitConverter.TryWriteBytes(bytes.AsSpan(56), (ulong)MessageFile.MaximumSymbols);
        Fault(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("cut off: 112 of 268435552 bytes", Fault(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 18);
    }

    [Fact]
    public void Another_model_is_named()
    {
        var message = Small();
        message.RequireModel(Hash);
        byte[] other = [0xFF, .. Hash[1..]];
        var fault = Assert.Throws<MessageException>(() => message.RequireModel(other));
        Assert.Contains("made for the model 0001020304050607, but the loaded model is ff01020304050607", fault.Message);
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new MessageFile(MessageTime.Continuous, 0, Hash[1..], Step, Latent));
        Assert.Throws<ArgumentException>(() => new MessageFile(MessageTime.Continuous, 0, Hash, Step, Latent[1..]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MessageFile(MessageTime.Continuous, 0, Hash, 0f, Latent));
    }

    private static MessageFile Small() => new(MessageTime.Continuous, 16_777_217, Hash, Step, Latent);

    private static byte[] Write(MessageFile message)
    {
        using var stream = new MemoryStream();
        message.Write(stream);
        return stream.ToArray();
    }

    private static MessageFile Read(byte[] bytes) => MessageFile.Read(new MemoryStream(bytes));

    private static string Fault(byte[] bytes) => Assert.Throws<MessageException>(() => Read(bytes)).Message;

    private static byte[] Seal(byte[] bytes)
    {
        SHA256.HashData(bytes.AsSpan(0, bytes.Length - 32), bytes.AsSpan(bytes.Length - 32));
        return bytes;
    }

    private static void AssertSame(MessageFile expected, MessageFile actual)
    {
        Assert.Equal(MessageMode.Paper, actual.Mode);
        Assert.Equal(expected.Time, actual.Time);
        Assert.Equal(expected.StartTime, actual.StartTime);
        Assert.Equal(expected.Step, actual.Step);
        Assert.Equal(expected.SymbolCount, actual.SymbolCount);
        Assert.Equal(expected.ModelHash.ToArray(), actual.ModelHash.ToArray());
        Assert.Equal(expected.Latents.ToArray(), actual.Latents.ToArray());
    }
}
