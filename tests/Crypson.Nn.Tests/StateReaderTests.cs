namespace Crypson.Nn.Tests;

/// <summary>A file that does not fit the module is refused, naming the tensor and the fault.</summary>
public sealed class StateReaderTests
{
    [Fact]
    public void A_module_reads_back_what_it_saved()
    {
        var (source, copy) = (Network(1), Network(2));
        source.Forward(Tensor.Normal([4, 3], new Philox(3)));
        var reader = Reader(writer => source.Save(writer, "net."));
        copy.Load(reader, "net.");
        reader.RequireNothingLeft();
        foreach (var (want, got) in source.State().Zip(copy.State()))
        {
            Assert.Equal(want.Name, got.Name);
            Assert.Equal(want.Value.ToArray(), got.Value.ToArray());
        }

        Assert.All(copy.Parameters(), parameter => Assert.True(parameter.RequiresGrad));
    }

    [Fact]
    public void Loading_leaves_the_gradients_possible()
    {
        var network = Network(1);
        network.Load(Reader(writer => Network(2).Save(writer)));
        network.Forward(Tensor.Normal([4, 3], new Philox(3))).Sum().Backward();
        Assert.All(network.Parameters(), parameter => Assert.NotNull(parameter.Grad));
    }

    [Theory]
    [InlineData("missing", "0.bias")]
    [InlineData("shape", "'0.bias' has shape [3], the model wants [2]")]
    [InlineData("type", "'0.bias' has type I32")]
    [InlineData("bytes", "'0.bias' has type U8")]
    [InlineData("nan", "tensor '0.bias' holds NaN at flat position 1")]
    [InlineData("infinity", "tensor '0.bias' holds -Infinity at flat position 1")]
    public void Faults_are_named(string fault, string says)
    {
        var reader = Reader(writer =>
        {
            writer.Add("0.weight", [2, 3], new float[6]);
            switch (fault)
            {
                case "shape":
                    writer.Add("0.bias", [3], new float[3]);
                    break;
                case "type":
                    writer.Add("0.bias", [2], new int[2]);
                    break;
                case "bytes":
                    writer.Add("0.bias", [2], new byte[2]);
                    break;
                case "nan":
                    writer.Add("0.bias", [2], [1f, float.NaN]);
                    break;
                case "infinity":
                    writer.Add("0.bias", [2], [1f, float.NegativeInfinity]);
                    break;
            }
        });
        var error = Assert.Throws<SafetensorsException>(() => Network(1).Load(reader));
        Assert.Contains(says, error.Message);
    }

    [Fact]
    public void Tensors_nobody_reads_are_named()
    {
        var reader = Reader(writer =>
        {
            Network(1).Save(writer);
            writer.Add("stranger", [1], [1f]);
            writer.Add("1.num_batches_tracked", [], [7L]);
        });
        Network(2).Load(reader);
        var error = Assert.Throws<SafetensorsException>(reader.RequireNothingLeft);
        Assert.Contains("holds 1 tensor the", error.Message);
        Assert.Contains("stranger", error.Message);
    }

    [Fact]
    public void Metadata_is_read_and_its_absence_named()
    {
        var reader = Reader(writer =>
        {
            writer.Metadata["step"] = "12";
            writer.Metadata["kind"] = "vae";
        });
        Assert.Equal(12, reader.Integer("step"));
        Assert.Equal("vae", reader.Text("kind"));
        Assert.Contains("'kind' is 'vae'", Assert.Throws<SafetensorsException>(() => reader.Integer("kind")).Message);
        Assert.Contains("'epoch'", Assert.Throws<SafetensorsException>(() => reader.Text("epoch")).Message);
    }

    private static StateReader Reader(Action<SafetensorsWriter> write)
    {
        var writer = new SafetensorsWriter();
        write(writer);
        using var stream = new MemoryStream();
        writer.Write(stream);
        return new StateReader(SafetensorsFile.Read(stream.ToArray(), "state"));
    }

    private static Sequential Network(ulong seed) => new(new Linear(3, 2, new Philox(seed)), new BatchNorm2d(2));
}
