using System.Text;
using Crypson.Models;

namespace Crypson.Messaging.Tests.Pipeline;

/// <summary>Messages through the networks of the model that we ship.</summary>
public sealed class PipelineTests(PipelineTests.Shipped shipped) : IClassFixture<PipelineTests.Shipped>
{
    [Theory]
    [InlineData("I")]
    [InlineData("Hear the news: Zoë arrives at 7! 🌙\n")]
    [InlineData("QGqg fFlL10O \t Ελληνικά")]
    public void What_is_sent_is_read(string text)
    {
        var content = Encoding.UTF8.GetBytes(text);
        Assert.Equal(text, Encoding.UTF8.GetString(Decode(Encode(content))));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_read_too()
    {
        byte[] content = [0, 255, 128, 10, 13, 0, 27];
        Assert.Equal(content, Decode(Encode(content)));
    }

    [Fact]
    public void The_same_seed_gives_the_same_message_and_another_seed_another()
    {
        var content = "seed"u8.ToArray();
        Assert.Equal(Encode(content).Latents.ToArray(), Encode(content).Latents.ToArray());
        Assert.NotEqual(Encode(content).Latents.ToArray(), Encode(content, seed: 8).Latents.ToArray());
    }

    [Fact]
    public void Every_symbol_is_masked_with_its_own_time_step()
    {
        var content = "aaaa"u8.ToArray();
        var (now, later) = (Encode(content), Encode(content, startTime: 1UL << 40));
        Assert.NotEqual(now.Latents.ToArray(), later.Latents.ToArray());
        Assert.Equal(content, Decode(later));
    }

    [Fact]
    public void The_trace_tells_what_was_sent()
    {
        var traces = new List<LetterTrace>();
        var message = new MessageEncoder(shipped.Model).Encode("ok"u8, 5, new Philox(7), trace: traces.Add);
        Assert.Equal(message.SymbolCount, traces.Count);
        Assert.All(traces, trace =>
        {
            Assert.Equal(ImageDataset.PixelCount, trace.Image.Length);
            Assert.InRange(trace.Image.Min(), 0, 0);
            Assert.InRange(trace.Image.Max(), 1, 1);
            Assert.InRange(trace.Draws, 1, MessageEncoder.MaximumDraws);
        });
        var quantizer = new LatentQuantizer(message.Step);
        var sent = new float[message.Latents.Length];
        quantizer.Dequantize(message.Latents, sent);
        Assert.Equal(sent, traces.SelectMany(trace => trace.Masked));
    }

    // What the published code does: the extremes of a message's pictures are joint, and few pictures reach them.
    [Fact]
    public void Pictures_may_be_scaled_over_the_whole_message()
    {
        var config = shipped.Model.Config;
        var together = CrypsonModel.Assemble(
            config with { Vae = config.Vae with { ScaleWholeMessage = true } }, shipped.Model.Classes, shipped.Model.Generator, shipped.Model.Vae, shipped.Model.Classifier);
        var traces = new List<LetterTrace>();
        var message = new MessageEncoder(together).Encode("meet me at noon"u8, 5, new Philox(7), trace: traces.Add);
        Assert.All(traces.SelectMany(trace => trace.Image), pixel => Assert.InRange(pixel, 0, 1));
        Assert.Contains(traces, trace => trace.Image.Min() > 0 || trace.Image.Max() < 1);
        Assert.Equal("meet me at noon"u8.ToArray(), Decode(message));
    }

    [Fact]
    public void An_empty_message_is_refused() =>
        Assert.Contains("empty", Assert.Throws<MessageException>(() => Encode([])).Message);

    [Fact]
    public void Another_model_refuses_the_message()
    {
        var message = Encode("x"u8.ToArray());
        var other = CrypsonModel.Assemble(
            shipped.Model.Config with { Seed = 2 }, shipped.Model.Classes, shipped.Model.Generator, shipped.Model.Vae, shipped.Model.Classifier);
        Assert.Contains("model", Assert.Throws<MessageException>(() => new MessageDecoder(other).Decode(message)).Message);
    }

    [Fact]
    public void A_message_with_the_other_time_embedding_is_refused_with_a_hint()
    {
        var message = new MessageFile(MessageTime.Discrete, 0, shipped.Model.Hash.Span, MessageEncoder.Step, new short[8]);
        var fault = Assert.Throws<MessageException>(() => new MessageDecoder(shipped.Model).Decode(message)).Message;
        Assert.Equal("the message has a Discrete time embedding, the model a Continuous one\n  hint: read it with the model it was written with", fault);
    }

    // A generator that draws noise never satisfies the reader; the sender says so instead of sending nonsense.
    [Fact]
    public void A_letter_that_never_reads_back_is_an_error()
    {
        var model = shipped.Model;
        var blind = new Classifier(model.Classes.Count, new Philox(1), model.Config.Vae.Hidden, wide: model.Config.Classifier.Wide);
        var untrained = CrypsonModel.Assemble(
            model.Config, model.Classes, new Generator(47, new Philox(9), model.Config.Cgan.NoiseLength, model.Config.Cgan.Channels), model.Vae, blind);
        var content = Encoding.ASCII.GetBytes("0123");
        var error = Assert.Throws<MessageException>(() => new MessageEncoder(untrained).Encode(content, 0, new Philox(1)));
        Assert.Contains("did not read back", error.Message);
    }

    private MessageFile Encode(byte[] content, ulong startTime = 1000, ulong seed = 7) =>
        new MessageEncoder(shipped.Model).Encode(content, startTime, new Philox(seed));

    private byte[] Decode(MessageFile message)
    {
        using var file = new MemoryStream();
        message.Write(file);
        file.Position = 0;
        return new MessageDecoder(shipped.Model).Decode(MessageFile.Read(file));
    }

    /// <summary>The model in models/.</summary>
    public sealed class Shipped
    {
        public CrypsonModel Model { get; } = CrypsonModel.Load(Path.Combine(AppContext.BaseDirectory, "models", "crypson.safetensors"));
    }
}
