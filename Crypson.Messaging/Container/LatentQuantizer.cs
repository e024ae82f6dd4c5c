namespace Crypson.Messaging;

/// <summary>
/// Turns latents into 16-bit integers and back: latent = integer * step. Masks are added to the integers modulo 2^16,
/// so taking them off again is exact for every value.
/// </summary>
public sealed class LatentQuantizer
{
    /// <summary>Numbers in the latent of one symbol.</summary>
    public const int LatentLength = 8;

    /// <summary>
    /// With the distance of neighbouring values. Throws <see cref="ArgumentOutOfRangeException"/> unless
    /// <see cref="IsValidStep"/>.
    /// </summary>
    public LatentQuantizer(float step)
    {
        if (!IsValidStep(step))
        {
            throw new ArgumentOutOfRangeException(nameof(step), step, "quantiser: the step has to be a positive, finite, normal number");
        }

        Step = step;
    }

    /// <summary>The distance of neighbouring values; the range is -32768 to 32767 times this.</summary>
    public float Step { get; }

    /// <summary>Whether every 16-bit multiple of a step is a finite float32 that quantises back to itself.</summary>
    public static bool IsValidStep(float step) => step > 0 && float.IsNormal(step) && float.IsFinite(step * -(float)short.MinValue);

    /// <summary>
    /// Rounds each number to the nearest multiple of the step, ties to even. Returns false when one is NaN or out of
    /// range: nothing is ever clipped, the sender has to draw again; <paramref name="quantized"/> is then undefined.
    /// The spans have equal lengths.
    /// </summary>
    public bool TryQuantize(ReadOnlySpan<float> latent, Span<short> quantized)
    {
        RequireEqual(latent.Length, quantized.Length);
        for (var i = 0; i < latent.Length; i++)
        {
            var rounded = MathF.Round(latent[i] / Step);
            if (!(rounded >= short.MinValue && rounded <= short.MaxValue))
            {
                return false;
            }

            quantized[i] = (short)rounded;
        }

        return true;
    }

    /// <summary>Each integer times the step, rounded once. The spans have equal lengths.</summary>
    public void Dequantize(ReadOnlySpan<short> quantized, Span<float> latent)
    {
        RequireEqual(quantized.Length, latent.Length);
        for (var i = 0; i < quantized.Length; i++)
        {
            latent[i] = quantized[i] * Step;
        }
    }

    /// <summary>values += mask, modulo 2^16. The spans have equal lengths.</summary>
    public static void AddMask(Span<short> values, ReadOnlySpan<short> mask)
    {
        RequireEqual(values.Length, mask.Length);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = unchecked((short)(values[i] + mask[i]));
        }
    }

    /// <summary>values -= mask, modulo 2^16: the inverse of <see cref="AddMask"/>. The spans have equal lengths.</summary>
    public static void SubtractMask(Span<short> values, ReadOnlySpan<short> mask)
    {
        RequireEqual(values.Length, mask.Length);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = unchecked((short)(values[i] - mask[i]));
        }
    }

    private static void RequireEqual(int first, int second)
    {
        if (first != second)
        {
            throw new ArgumentException($"quantiser: the spans have different lengths, {first} and {second}");
        }
    }
}
