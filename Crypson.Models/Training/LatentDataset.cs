namespace Crypson.Models;

/// <summary>Latents of generated letters with their classes: what the classifier learns from.</summary>
/// <param name="Latents">[n, width], row-major.</param>
/// <param name="Labels">[n].</param>
/// <param name="Width">Numbers per latent.</param>
public sealed record LatentDataset(float[] Latents, int[] Labels, int Width)
{
    public int Count => Labels.Length;

    /// <summary>Draws letters of all classes in turn and encodes them as a sender would.</summary>
    public static LatentDataset Draw(Generator generator, Vae vae, int count, Philox random, Action<int, int>? progress = null)
    {
        var latents = new float[count * vae.Latent];
        var labels = new int[count];
        LetterSampler.Draw(generator, count, random, (start, images, classes) =>
        {
            vae.Encoder.Forward(images).Mean.CopyTo(latents.AsSpan(start * vae.Latent, classes.Length * vae.Latent));
            classes.CopyTo(labels, start);
            progress?.Invoke(start + classes.Length, count);
        }, vae);
        return new LatentDataset(latents, labels, vae.Latent);
    }
}
