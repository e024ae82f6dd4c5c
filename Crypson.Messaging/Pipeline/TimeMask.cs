using Crypson.Models;

namespace Crypson.Messaging;

/// <summary>The public mask of the paper mode: the time embedding of each symbol's step, quantised.</summary>
internal sealed class TimeMask(TimeEmbedding embedding, LatentQuantizer quantizer)
{
    private const int Batch = 4096;

    /// <summary>Adds the masks of steps startTime, startTime + 1, … to consecutive latents.</summary>
    public void Add(Span<short> latents, ulong startTime)
    {
        for (var start = 0; start < latents.Length; start += Batch * LatentQuantizer.LatentLength)
        {
            var part = latents[start..Math.Min(latents.Length, start + (Batch * LatentQuantizer.LatentLength))];
            LatentQuantizer.AddMask(part, Compute(startTime + (ulong)(start / LatentQuantizer.LatentLength), part.Length / LatentQuantizer.LatentLength));
        }
    }

    /// <summary>Takes the masks off again.</summary>
    public void Subtract(Span<short> latents, ulong startTime)
    {
        for (var start = 0; start < latents.Length; start += Batch * LatentQuantizer.LatentLength)
        {
            var part = latents[start..Math.Min(latents.Length, start + (Batch * LatentQuantizer.LatentLength))];
            LatentQuantizer.SubtractMask(part, Compute(startTime + (ulong)(start / LatentQuantizer.LatentLength), part.Length / LatentQuantizer.LatentLength));
        }
    }

    private short[] Compute(ulong startTime, int count)
    {
        using var noGrad = Tensor.NoGrad();
        using var scope = new TensorScope();
        var times = new ulong[count];
        for (var i = 0; i < count; i++)
        {
            times[i] = startTime + (ulong)i;
        }

        var values = embedding.Forward(times).ToArray();
        var mask = new short[values.Length];
        return quantizer.TryQuantize(values, mask)
            ? mask
            : throw new MessageException("the model's time embedding does not fit 16 bits\n  hint: the model is damaged; get it again");
    }
}
