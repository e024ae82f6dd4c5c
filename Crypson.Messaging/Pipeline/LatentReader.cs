using Crypson.Models;

namespace Crypson.Messaging;

/// <summary>Reads classes from quantised latents: the one way in which sender and receiver both read.</summary>
internal static class LatentReader
{
    private const int Batch = 256;

    /// <summary>Per latent the class with the largest logit and its distance to the next; NaN logits have a NaN margin.</summary>
    public static (int Class, float Margin)[] Read(CrypsonModel model, LatentQuantizer quantizer, ReadOnlySpan<short> latents, Action<int, int>? progress = null)
    {
        var count = latents.Length / LatentQuantizer.LatentLength;
        var result = new (int, float)[count];
        var values = new float[latents.Length];
        quantizer.Dequantize(latents, values);
        for (var start = 0; start < count; start += Batch)
        {
            using var noGrad = Tensor.NoGrad();
            using var scope = new TensorScope();
            var size = Math.Min(Batch, count - start);
            var batch = Tensor.FromSpan(
                values.AsSpan(start * LatentQuantizer.LatentLength, size * LatentQuantizer.LatentLength), [size, LatentQuantizer.LatentLength], model.Device);
            var logits = model.Classifier.Forward(batch).ToArray();
            for (var i = 0; i < size; i++)
            {
                result[start + i] = Largest(logits.AsSpan(i * model.Classes.Count, model.Classes.Count));
            }

            progress?.Invoke(start + size, count);
        }

        return result;
    }

    private static (int Class, float Margin) Largest(ReadOnlySpan<float> logits)
    {
        var (best, second) = (0, float.NegativeInfinity);
        for (var i = 1; i < logits.Length; i++)
        {
            if (logits[i] > logits[best])
            {
                (best, second) = (i, logits[best]);
            }
            else if (!(logits[i] <= second))
            {
                second = logits[i];
            }
        }

        return (best, logits[best] - second);
    }
}
