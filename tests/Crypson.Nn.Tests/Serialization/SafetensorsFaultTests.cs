using System.Text;

namespace Crypson.Nn.Tests.Serialization;

/// <summary>Each way a file can be wrong is named in the error text.</summary>
public sealed class SafetensorsFaultTests
{
    [Theory]
    // Shapes, types and keys of one tensor.
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "takes 8 bytes as F32 [2]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "non-negative")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "non-negative")]
    [InlineData("""{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""", 4, "non-negative")]
    [InlineData("""{"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}""", 4, "non-negative")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2147483647,2147483647,4],"data_offsets":[0,4]}}""", 4, "too large")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296],"data_offsets":[0,4]}}""", 4, "too large")]
    [InlineData("""{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}""", 4, "non-negative")]
    [InlineData("""{"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}""", 4, "unknown dtype 'F31'")]
    [InlineData("""{"a":{"dtype":"f32","shape":[1],"data_offsets":[0,4]}}""", 4, "unknown dtype 'f32'")]
    [InlineData("""{"a":{"dtype":"0","shape":[1],"data_offsets":[0,4]}}""", 4, "unknown dtype '0'")]
    [InlineData("""{"a":{"dtype":32,"shape":[1],"data_offsets":[0,4]}}""", 4, "dtype that is not a string")]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,4]}}""", 4, "lacks dtype")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,4]}}""", 4, "lacks shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "lacks data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}""", 4, "'shape' twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"order":"C"}}""", 4, "unknown key 'order'")]
    [InlineData("""{"a":5}""", 0, "'a' is not an object")]
    // Places in the data.
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", 4, "a begin and an end")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "a begin and an end")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4, "non-negative")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "ends at byte 8 of 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[9223372036854775803,9223372036854775807]}}""", 4, "ends at byte 9223372036854775807")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "before tensor 'a', belong to no tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5, "1 bytes after the last tensor")]
    [InlineData("""{}""", 3, "3 bytes after the last tensor")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""", 3, "'a' and 'b' overlap")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}""", 3, "bytes 1 to 2 of the data, before tensor 'b'")]
    // Names and metadata.
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "'a' appears twice")]
    [InlineData("""{"__metadata__":{"k":"1","k":"2"}}""", 0, "'k' appears twice")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", 0, "'__metadata__' appears twice")]
    [InlineData("""{"__metadata__":{"k":1}}""", 0, "'k' is not a string")]
    [InlineData("""{"__metadata__":"k"}""", 0, "'__metadata__' is not an object")]
    // JSON itself.
    [InlineData("""{"a":""", 0, "not valid JSON")]
    [InlineData("""{} {}""", 0, "not valid JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},}""", 4, "not valid JSON")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "not valid Unicode")]
    [InlineData("""[]""", 0, "does not begin with '{'")]
    [InlineData(" {}", 0, "does not begin with '{'")]
    [InlineData("", 0, "does not begin with '{'")]
    public void A_faulty_header_is_named(string header, int dataLength, string expected) =>
        AssertFault(expected, SafetensorsBytes.Build(header, dataLength));

    [Fact]
    public void Text_that_is_not_utf8_is_named() =>
        AssertFault("not valid Unicode", SafetensorsBytes.Build([(byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)':', (byte)'{', (byte)'}', (byte)'}'], 0));

    [Theory]
    [InlineData(100UL, "reaches beyond the end of the file (10 bytes)")]
    [InlineData(3UL, "reaches beyond the end of the file (10 bytes)")]
    [InlineData(100_000_001UL, "above the limit of 100000000 bytes")]
    [InlineData(ulong.MaxValue, "above the limit")]
    public void A_wrong_header_length_is_named(ulong length, string expected) =>
        AssertFault(expected, SafetensorsBytes.Build("{}", 0, length));

    [Theory]
    [InlineData(new byte[0], "an empty file")]
    [InlineData(new byte[] { 1, 2, 3 }, "3 bytes are too few")]
    [InlineData(new byte[] { (byte)'P', (byte)'K', 3, 4, 20, 0, 0, 0, 8, 0 }, "a zip archive")]
    [InlineData(new byte[] { 0x80, 2, (byte)'}', (byte)'q', 0, (byte)'(', (byte)'X', 1, 0, 0 }, "a Python pickle")]
    [InlineData(new byte[] { 0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3 }, "gzip data")]
    [InlineData(new byte[] { 0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, 0x76, 0 }, "a NumPy array")]
    public void A_foreign_file_is_recognised(byte[] content, string expected)
    {
        var message = AssertFault(expected, content);
        Assert.StartsWith("test: not a safetensors file: ", message);
    }

    [Fact]
    public void A_git_lfs_pointer_is_recognised() =>
        AssertFault("a Git LFS pointer", Encoding.ASCII.GetBytes("version https://git-lfs.github.com/spec/v1\noid sha256:00\n"));

    [Fact]
    public void A_directory_is_named() =>
        Assert.Contains("is a directory", Assert.Throws<SafetensorsException>(() => SafetensorsFile.Read(Path.GetTempPath())).Message);

    [Fact]
    public void A_missing_tensor_brings_the_nearest_names()
    {
        var file = Sound();
        Assert.True(file.Contains("fc.weight"));
        Assert.False(file.Contains("fc.wieght"));
        var message = Assert.Throws<SafetensorsException>(() => file["fc.wieght"]).Message;
        Assert.StartsWith("test: no tensor 'fc.wieght'\n  hint: the nearest names are 'fc.weight'", message);
    }

    [Fact]
    public void A_tensor_is_not_read_as_another_kind_of_number()
    {
        var file = Sound();
        Assert.Contains("'step' holds I64, not floating-point", Assert.Throws<SafetensorsException>(() => file["step"].ToSingles()).Message);
        Assert.Contains("'fc.bias' holds F32, not integers", Assert.Throws<SafetensorsException>(() => file["fc.bias"].ToInt64s()).Message);
        Assert.Contains("'step' holds 4294967296, which does not fit Int32", Assert.Throws<SafetensorsException>(() => file["step"].ToInt32s()).Message);
    }

    [Fact]
    public void A_double_beyond_float32_is_named()
    {
        var bytes = SafetensorsBytes.Build("""{"x":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}""", 8);
        BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - 8), 1e300);
        var entry = SafetensorsFile.Read(bytes, "test")["x"];
        Assert.Contains("beyond the range of float32", Assert.Throws<SafetensorsException>(entry.ToSingles).Message);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void RequireFinite_names_the_tensor_and_the_place(float value)
    {
        var writer = new SafetensorsWriter();
        writer.Add("good", [2], [1f, float.MaxValue]);
        writer.Add("bad", [3], [1f, 2f, value]);
        var file = Read(writer);
        file.RequireFinite("good");
        var message = Assert.Throws<SafetensorsException>(() => file.RequireFinite("bad")).Message;
        Assert.StartsWith("test: tensor 'bad' holds ", message);
        Assert.EndsWith("at flat position 2", message);
    }

    [Fact]
    public void Random_damage_never_gives_another_exception()
    {
        var sound = Bytes(SoundWriter());
        var random = new Philox(2024);
        var refused = 0;
        for (var round = 0; round < 20_000; round++)
        {
            byte[] damaged = [.. sound];
            for (var edit = random.Next(3); edit >= 0; edit--)
            {
                damaged = Damage(damaged, random);
            }

            try
            {
                var file = SafetensorsFile.Read(damaged, "test");
                foreach (var name in file.Names)
                {
                    Assert.Equal(file[name].Shape.Aggregate(1, (count, dimension) => count * dimension), file[name].Count);
                }
            }
            catch (SafetensorsException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 10_000, 19_999);
    }

    // One edit: a random byte, a character that JSON cares about, a cut, or a repeated stretch.
    private static byte[] Damage(byte[] bytes, Philox random)
    {
        if (bytes.Length == 0)
        {
            return bytes;
        }

        var at = random.Next(bytes.Length);
        switch (random.Next(4))
        {
            case 0:
                bytes[at] = (byte)random.Next(256);
                return bytes;
            case 1:
                var characters = "{}[]\",:\\-0129eE. au"u8;
                bytes[at] = characters[random.Next(characters.Length)];
                return bytes;
            case 2:
                return random.Next(2) == 0 ? bytes[..at] : [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + 1)..]];
            default:
                return [.. bytes[..at], .. bytes[Math.Max(0, at - random.Next(20))..]];
        }
    }

    private static SafetensorsWriter SoundWriter()
    {
        var writer = new SafetensorsWriter { Metadata = { ["kind"] = "test" } };
        writer.Add("fc.weight", [2, 2], [1f, 2f, 3f, 4f]);
        writer.Add("fc.bias", [2], [1f, 2f]);
        writer.Add("step", [], [4294967296L]);
        return writer;
    }

    private static SafetensorsFile Sound() => Read(SoundWriter());

    private static SafetensorsFile Read(SafetensorsWriter writer) => SafetensorsFile.Read(Bytes(writer), "test");

    private static byte[] Bytes(SafetensorsWriter writer)
    {
        using var stream = new MemoryStream();
        writer.Write(stream);
        return stream.ToArray();
    }

    private static string AssertFault(string expected, byte[] content)
    {
        var exception = Assert.Throws<SafetensorsException>(() => SafetensorsFile.Read(content, "test"));
        Assert.StartsWith("test: ", exception.Message);
        Assert.Contains(expected, exception.Message);
        return exception.Message;
    }
}
