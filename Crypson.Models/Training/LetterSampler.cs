using Crypson.Nn;

namespace Crypson.Models;

/// <summary>Lets a generator draw letters in evaluation mode, each scaled to [0, 1] by itself.</summary>
public static class LetterSampler
{
    private const int Batch = 128;

    /// <summary>
    /// Draws letters of all classes in turn, in batches. <paramref name="use"/> gets the position of the first one, the
    /// images [n, 1, 32, 32] in [0, 1] and their classes.
    /// </summary>
    /// <param name="generator">Draws.</param>
    /// <param name="count">Letters to draw.</param>
    /// <param name="random">Noise.</param>
    /// <param name="use">Called per batch, without recording and inside a scope.</param>
    /// <param name="others">Further networks to hold in evaluation mode meanwhile.</param>
    public static void Draw(Generator generator, int count, Philox random, Action<int, Tensor, int[]> use, params ReadOnlySpan<Module> others)
    {
        using var noGrad = Tensor.NoGrad();
        Module[] networks = [generator, .. others];
        var training = Array.ConvertAll(networks, network => network.IsTraining);
        Array.ForEach(networks, network => network.Eval());
        for (var start = 0; start < count; start += Batch)
        {
            using var scope = new TensorScope();
            var classes = Enumerable.Range(start, Math.Min(Batch, count - start)).Select(i => i % generator.Classes).ToArray();
            use(start, Draw(generator, classes, random), classes);
        }

        for (var i = 0; i < networks.Length; i++)
        {
            networks[i].Train(training[i]);
        }
    }

    /// <summary>
    /// One letter per class given: [n, 1, 32, 32] in [0, 1], each scaled by itself or all of them <paramref name="together"/>.
    /// The generator should be in evaluation mode.
    /// </summary>
    public static Tensor Draw(Generator generator, ReadOnlySpan<int> classes, Philox random, bool together = false)
    {
        using var labels = IndexTensor.FromSpan(classes, generator.Device);
        return generator.Forward(Tensor.Normal([classes.Length, generator.NoiseLength], random, device: generator.Device), labels).MinMaxNormalize(together);
    }

    /// <summary>A data set of drawn letters, all classes in turn.</summary>
    public static ImageDataset DrawDataset(Generator generator, ClassMapping classes, int count, Philox random, Action<int, int>? progress = null)
    {
        var pixels = new byte[(long)count * ImageDataset.PixelCount];
        var labels = new byte[count];
        Draw(generator, count, random, (start, images, drawn) =>
        {
            var values = images.ToArray();
            for (var i = 0; i < values.Length; i++)
            {
                pixels[((long)start * ImageDataset.PixelCount) + i] = (byte)MathF.Round(values[i] * 255);
            }

            for (var i = 0; i < drawn.Length; i++)
            {
                labels[start + i] = (byte)drawn[i];
            }

            progress?.Invoke(start + drawn.Length, count);
        });
        return new ImageDataset(pixels, labels, classes);
    }

    /// <summary>A picture with a row per class pair: <paramref name="perClass"/> letters of every class, two classes a row.</summary>
    public static GreyImage DrawGrid(Generator generator, ClassMapping classes, int perClass, Philox random)
    {
        var images = new float[classes.Count * perClass * ImageDataset.PixelCount];
        Draw(generator, classes.Count * perClass, random, (start, drawn, labels) =>
        {
            var values = drawn.ToArray();
            for (var i = 0; i < labels.Length; i++)
            {
                // Letter number n of the stream is draw n / classes of its class.
                var slot = (labels[i] * perClass) + ((start + i) / classes.Count);
                values.AsSpan(i * ImageDataset.PixelCount, ImageDataset.PixelCount).CopyTo(images.AsSpan(slot * ImageDataset.PixelCount));
            }
        });
        return SampleGrid.Draw(images, PixelRange.ZeroToOne, 2 * perClass);
    }
}
