namespace Crypson.Models;

/// <summary>Latents of generated letters with their classes: what the classifier learns from.</summary>
/// <param name="Latents">[n, width], row-major.</param>
/// <param name="Labels">[n].</param>
/// <param name="Width">Numbers per latent.</param>
public sealed record LatentDataset(float[] Latents, int[] Labels, int Width)
{
    public int Count => Labels.Length;

    /// <summary>
    /// Draws letters of all classes in turn and encodes them as a sender would. Those that are not <paramref name="chosen"/>, if
    /// any are, may be zeros.
    /// </summary>
    public static LatentDataset Draw(
        Generator generator, Vae vae, int count, Philox random, int[]? chosen = null, Action<int, int>? progress = null)
    {
        var latents = new float[count * vae.Latent];
        var labels = new int[count];
        LetterSampler.Draw(generator, count, random, (positions, images, classes) =>
        {
            var means = vae.Encoder.Forward(images).Mean.ToArray();
            for (var i = 0; i < positions.Length; i++)
            {
                means.AsSpan(i * vae.Latent, vae.Latent).CopyTo(latents.AsSpan(positions[i] * vae.Latent));
                labels[positions[i]] = classes[i];
            }
        }, chosen, progress, vae);
        return new LatentDataset(latents, labels, vae.Latent);
    }
}
