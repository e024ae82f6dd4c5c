using Crypson.Models;

namespace Crypson.Messaging;

/// <summary>
/// The sender: bytes to classes to pictures to latents to a masked message. It reads every picture with the receiver's
/// own classifier before it sends it and draws another one until the right letter comes back, so nothing is lost.
/// </summary>
public sealed class MessageEncoder
{
    /// <summary>Distance of neighbouring latent values: latents reach from -16 to 16.</summary>
    public const float Step = 1f / 2048;

    /// <summary>
    /// How far the right class's logit has to be above every other: far more than the last digits in which two machines'
    /// floating-point sums can differ, so that the receiver reads what the sender read.
    /// </summary>
    public const float Margin = 0.05f;

    /// <summary>Pictures drawn of one symbol before giving up.</summary>
    public const int MaximumDraws = 2048;

    private const int Batch = 128;
    private readonly CrypsonModel model;
    private readonly SymbolCodec codec;
    private readonly TimeMask mask;
    private readonly LatentQuantizer quantizer = new(Step);

    /// <param name="model">Draws, encodes and reads.</param>
    public MessageEncoder(CrypsonModel model)
    {
        this.model = model;
        codec = new SymbolCodec(model.Classes.Characters);
        mask = new TimeMask(model.TimeEmbedding, quantizer);
    }

    /// <summary>Turns bytes into a message.</summary>
    /// <param name="content">Any bytes but none.</param>
    /// <param name="startTime">Time step of the first symbol.</param>
    /// <param name="random">Draws the random matrices.</param>
    /// <param name="progress">Hears how many symbols of how many are done.</param>
    /// <param name="trace">Gets every symbol's story in order, if wanted.</param>
    /// <exception cref="MessageException">The message is empty or too long, or a symbol never reads back.</exception>
    public MessageFile Encode(
        ReadOnlySpan<byte> content, ulong startTime, Philox random, Action<int, int>? progress = null, Action<LetterTrace>? trace = null)
    {
        if (content.IsEmpty)
        {
            throw new MessageException("the message is empty\n  hint: give a text or a file with at least one byte");
        }

        var symbols = codec.Encode(content);
        if (symbols.Length > MessageFile.MaximumSymbols)
        {
            throw new MessageException($"the message has {symbols.Length} symbols, {MessageFile.MaximumSymbols} at most fit\n  hint: send it in parts");
        }

        var time = model.TimeEmbedding.Kind == TimeEmbeddingKind.Continuous ? MessageTime.Continuous : MessageTime.Discrete;
        if (MessageFile.TimeFault(startTime, symbols.Length) is { } fault)
        {
            throw new MessageException($"{fault}\n  hint: choose an earlier start time");
        }

        var letters = Draw(symbols, random, progress, trace is not null);
        var masked = new short[letters.Length * LatentQuantizer.LatentLength];
        for (var i = 0; i < letters.Length; i++)
        {
            var target = masked.AsSpan(i * LatentQuantizer.LatentLength, LatentQuantizer.LatentLength);
            letters[i].Latent.CopyTo(target);
        }

        mask.Add(masked, startTime);
        if (trace is not null)
        {
            Report(letters, symbols, masked, trace);
        }

        return new MessageFile(time, startTime, model.Hash.Span, Step, masked);
    }

    // A round draws every symbol that has not read back yet; most need one round.
    private Letter[] Draw(int[] symbols, Philox random, Action<int, int>? progress, bool keepImages)
    {
        var letters = new Letter[symbols.Length];
        var open = Enumerable.Range(0, symbols.Length).ToList();
        var tries = new int[symbols.Length];
        var draws = 0;
        while (open.Count > 0)
        {
            var copies = Math.Clamp(Batch / open.Count, 1, MaximumDraws - draws);
            draws += copies;
            var slots = open.SelectMany(position => Enumerable.Repeat(position, copies)).ToArray();
            for (var start = 0; start < slots.Length; start += Batch)
            {
                Try(slots.AsSpan(start, Math.Min(Batch, slots.Length - start)), symbols, letters, tries, random, keepImages);
            }

            open.RemoveAll(position => letters[position] is not null);
            progress?.Invoke(letters.Length - open.Count, letters.Length);
            if (open.Count > 0 && draws >= MaximumDraws)
            {
                throw new MessageException(
                    $"the letter '{model.Classes[symbols[open[0]]]}' did not read back in {MaximumDraws} drawings\n  hint: the model needs more training; choose another one with --model");
            }
        }

        return letters;
    }

    private void Try(ReadOnlySpan<int> slots, int[] symbols, Letter?[] letters, int[] tries, Philox random, bool keepImages)
    {
        using var noGrad = Tensor.NoGrad();
        using var scope = new TensorScope();
        var classes = new int[slots.Length];
        for (var i = 0; i < classes.Length; i++)
        {
            classes[i] = symbols[slots[i]];
        }

        var images = LetterSampler.Draw(model.Generator, classes, random, model.Config.Vae.ScaleWholeMessage);
        var latents = model.Vae.Encoder.Forward(images).Mean.ToArray();
        var quantized = new short[latents.Length];
        var usable = new bool[slots.Length];
        for (var i = 0; i < slots.Length; i++)
        {
            var range = (i * LatentQuantizer.LatentLength)..((i + 1) * LatentQuantizer.LatentLength);
            usable[i] = quantizer.TryQuantize(latents.AsSpan(range), quantized.AsSpan(range));
        }

        var reading = LatentReader.Read(model, quantizer, quantized);
        float[]? pixels = null;
        for (var i = 0; i < slots.Length; i++)
        {
            if (letters[slots[i]] is not null)
            {
                continue;
            }

            tries[slots[i]]++;
            if (usable[i] && reading[i].Class == classes[i] && reading[i].Margin >= Margin)
            {
                pixels ??= keepImages ? images.ToArray() : [];
                letters[slots[i]] = new Letter(
                    quantized[(i * LatentQuantizer.LatentLength)..((i + 1) * LatentQuantizer.LatentLength)],
                    keepImages ? pixels[(i * ImageDataset.PixelCount)..((i + 1) * ImageDataset.PixelCount)] : [],
                    tries[slots[i]]);
            }
        }
    }

    private void Report(Letter[] letters, int[] symbols, short[] masked, Action<LetterTrace> trace)
    {
        for (var i = 0; i < letters.Length; i++)
        {
            var (latent, hidden) = (new float[LatentQuantizer.LatentLength], new float[LatentQuantizer.LatentLength]);
            quantizer.Dequantize(letters[i].Latent, latent);
            quantizer.Dequantize(masked.AsSpan(i * LatentQuantizer.LatentLength, LatentQuantizer.LatentLength), hidden);
            trace(new LetterTrace(symbols[i], letters[i].Image, latent, hidden, letters[i].Draws));
        }
    }

    private sealed record Letter(short[] Latent, float[] Image, int Draws);
}
