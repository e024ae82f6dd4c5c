using System.IO.Compression;
using System.Text;

namespace Crypson.Nn.Tests.Serialization;

public sealed class SafetensorsRoundTripTests
{
    [Fact]
    public void Everything_written_is_read_back()
    {
        var writer = new SafetensorsWriter { Metadata = { ["format"] = "crypson", ["note"] = "quotes \" and é" } };
        writer.Add("bytes", [3], (ReadOnlySpan<byte>)[0, 127, 255]);
        writer.Add("weights", [2, 3], [1f, -0f, float.Epsilon, float.MaxValue, float.NaN, float.NegativeInfinity]);
        writer.Add("scalar", [], [42f]);
        writer.Add("steps", [2], [long.MinValue, long.MaxValue]);
        writer.Add("labels", [2, 1], [int.MinValue, int.MaxValue]);
        writer.Add("nothing", [4, 0, 2], ReadOnlySpan<float>.Empty);

        var file = Read(writer);

        Assert.Equal(["bytes", "labels", "nothing", "scalar", "steps", "weights"], file.Names.Order(StringComparer.Ordinal));
        Assert.Equal(2, file.Metadata.Count);
        Assert.Equal("quotes \" and é", file.Metadata["note"]);
        Assert.Equal([0L, 127L, 255L], file["bytes"].ToInt64s());
        Assert.Equal([2, 3], file["weights"].Shape);
        Assert.Equal(
            new[] { 1f, -0f, float.Epsilon, float.MaxValue, float.NaN, float.NegativeInfinity }.Select(BitConverter.SingleToInt32Bits),
            file["weights"].ToSingles().Select(BitConverter.SingleToInt32Bits));
        Assert.Empty(file["scalar"].Shape);
        Assert.Equal([42f], file["scalar"].ToSingles());
        Assert.Equal([long.MinValue, long.MaxValue], file["steps"].ToInt64s());
        Assert.Equal([int.MinValue, int.MaxValue], file["labels"].ToInt32s());
        Assert.Equal([4, 0, 2], file["nothing"].Shape);
        Assert.Empty(file["nothing"].ToSingles());
    }

    [Fact]
    public void A_file_without_tensors_round_trips()
    {
        var file = Read(new SafetensorsWriter());
        Assert.Empty(file.Names);
        Assert.Empty(file.Metadata);
    }

    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        var writer = new SafetensorsWriter();
        writer.Add("a", [1], [1f]);
        const string header = """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""";
        byte[] expected = [56, 0, 0, 0, 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(header.PadRight(56)), 0, 0, 0x80, 0x3F];
        Assert.Equal(expected, Write(writer));
    }

    [Fact]
    public void The_same_content_gives_the_same_bytes()
    {
        static byte[] Once(params string[] keys)
        {
            var writer = new SafetensorsWriter();
            writer.Add("small", [1], (ReadOnlySpan<byte>)[1]);
            writer.Add("wide", [1], [2f]);
            foreach (var key in keys)
            {
                writer.Metadata[key] = key;
            }

            return Write(writer);
        }

        Assert.Equal(Once("a", "b", "c"), Once("c", "a", "b"));
    }

    [Fact]
    public void Data_stay_aligned_to_their_element_size()
    {
        var writer = new SafetensorsWriter();
        writer.Add("byte", [1], (ReadOnlySpan<byte>)[9]);
        writer.Add("float", [1], [1.5f]);
        writer.Add("long", [1], [7L]);
        var bytes = Write(writer);
        Assert.Equal(0, BitConverter.ToInt64(bytes) % 8);
        Assert.Equal(["long", "float", "byte"], SafetensorsFile.Read(bytes, "test").Names);
    }

    [Fact]
    public void Save_replaces_the_file_and_leaves_nothing_else()
    {
        var folder = Directory.CreateTempSubdirectory("crypson-");
        try
        {
            var path = Path.Combine(folder.FullName, "model.safetensors");
            File.WriteAllText(path, "old");
            var writer = new SafetensorsWriter();
            writer.Add("x", [2], [1f, 2f]);
            writer.Save(path);
            Assert.Equal([1f, 2f], SafetensorsFile.Read(path)["x"].ToSingles());
            Assert.Equal(path, Assert.Single(folder.GetFiles()).FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_stream_that_cannot_seek_is_read_to_its_end()
    {
        var writer = new SafetensorsWriter();
        writer.Add("x", [2], [1f, 2f]);
        using var stream = new GZipStream(new MemoryStream(Compress(Write(writer))), CompressionMode.Decompress);
        Assert.Equal([1f, 2f], SafetensorsFile.Read(stream, "test")["x"].ToSingles());
    }

    [Fact]
    public void The_writer_refuses_what_could_not_be_read()
    {
        var writer = new SafetensorsWriter();
        writer.Add("x", [1], [1f]);
        Assert.Throws<ArgumentException>(() => writer.Add("x", [1], [1f]));
        Assert.Throws<ArgumentException>(() => writer.Add("y", [2], [1f]));
        Assert.Throws<ArgumentException>(() => writer.Add("__metadata__", [1], [1f]));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Add("z", [-1, -1], [1f]));
        Assert.Equal(["x"], Read(writer).Names);
    }

    [Theory]
    [InlineData("F16", new byte[] { 0x00, 0x3C, 0x00, 0xC0 }, new[] { 1f, -2f })]
    [InlineData("BF16", new byte[] { 0x80, 0x3F, 0x00, 0xC0 }, new[] { 1f, -2f })]
    [InlineData("F64", new byte[] { 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0 }, new[] { 1f, -2f })]
    public void Other_floating_point_types_become_float32(string type, byte[] data, float[] expected) =>
        Assert.Equal(expected, ReadTyped(type, data).ToSingles());

    [Theory]
    [InlineData("I8", new byte[] { 0xFF, 0x7F }, new[] { -1L, 127 })]
    [InlineData("I16", new byte[] { 0xFF, 0xFF, 0xFF, 0x7F }, new[] { -1L, 32767 })]
    [InlineData("U16", new byte[] { 0xFF, 0xFF, 1, 0 }, new[] { 65535L, 1 })]
    [InlineData("U32", new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 1, 0, 0, 0 }, new[] { 4294967295L, 1 })]
    [InlineData("U64", new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0, 0, 0, 0, 0, 0 }, new[] { long.MaxValue, 0 })]
    [InlineData("BOOL", new byte[] { 1, 0 }, new[] { 1L, 0 })]
    public void Integer_types_become_int64(string type, byte[] data, long[] expected) =>
        Assert.Equal(expected, ReadTyped(type, data).ToInt64s());

    private static SafetensorsEntry ReadTyped(string type, byte[] data)
    {
        var bytes = SafetensorsBytes.Build(
            $$$"""{"x":{"dtype":"{{{type}}}","shape":[2],"data_offsets":[0,{{{data.Length}}}]}}""", data.Length);
        data.CopyTo(bytes, bytes.Length - data.Length);
        return SafetensorsFile.Read(bytes, "test")["x"];
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return target.ToArray();
    }

    private static byte[] Write(SafetensorsWriter writer)
    {
        using var stream = new MemoryStream();
        writer.Write(stream);
        return stream.ToArray();
    }

    private static SafetensorsFile Read(SafetensorsWriter writer) => SafetensorsFile.Read(Write(writer), "test");
}
