using Crypson.Nn;

namespace Crypson.Models;

/// <summary>Lets a generator draw letters in evaluation mode, each scaled to [0, 1] by itself.</summary>
public static class LetterSampler
{
    private const int Batch = 128;

    /// <summary>
    /// Draws letters of all classes in turn, in batches. <paramref name="use"/> gets their positions, the images
    /// [n, 1, 32, 32] in [0, 1] and their classes.
    /// </summary>
    /// <param name="generator">Draws.</param>
    /// <param name="count">Letters to draw.</param>
    /// <param name="random">Noise.</param>
    /// <param name="use">Called per batch, without recording and inside a scope.</param>
    /// <param name="chosen">
    /// Positions of those that are needed; all unless given. They come out as among all, with a few others that fill batches.
    /// </param>
    /// <param name="progress">Hears how many of how many are drawn.</param>
    /// <param name="others">Further networks to hold in evaluation mode meanwhile.</param>
    public static void Draw(
        Generator generator, int count, Philox random, Action<int[], Tensor, int[]> use, int[]? chosen = null, Action<int, int>? progress = null,
        params ReadOnlySpan<Module> others)
    {
        using var noGrad = Tensor.NoGrad();
        Module[] networks = [generator, .. others];
        var training = Array.ConvertAll(networks, network => network.IsTraining);
        Array.ForEach(networks, network => network.Eval());
        var batches = chosen is null ? All(count) : Chosen(chosen, count);
        var (done, total) = (0, batches.Sum(batch => batch.Length));

        // The noise of all letters, as the batches of all draw it one after another: it is small beside the images.
        using var noise = chosen is null ? null : Tensor.Normal([count, generator.NoiseLength], random, device: generator.Device);
        foreach (var positions in batches)
        {
            using var scope = new TensorScope();
            using var rows = IndexTensor.FromSpan(positions, generator.Device);
            var classes = Array.ConvertAll(positions, position => position % generator.Classes);
            use(positions, Draw(generator, classes, noise?.Embedding(rows) ?? Noise(generator, classes.Length, random)), classes);
            done += positions.Length;
            progress?.Invoke(done, total);
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
    public static Tensor Draw(Generator generator, ReadOnlySpan<int> classes, Philox random, bool together = false) =>
        Draw(generator, classes, Noise(generator, classes.Length, random), together);

    /// <summary>A data set of drawn letters, all classes in turn. Those that are not <paramref name="chosen"/>, if any are, may be blank.</summary>
    public static ImageDataset DrawDataset(
        Generator generator, ClassMapping classes, int count, Philox random, int[]? chosen = null, Action<int, int>? progress = null)
    {
        var pixels = new byte[(long)count * ImageDataset.PixelCount];
        var labels = new byte[count];
        Draw(generator, count, random, (positions, images, drawn) =>
        {
            var values = images.ToArray();
            for (var i = 0; i < positions.Length; i++)
            {
                labels[positions[i]] = (byte)drawn[i];
                for (var pixel = 0; pixel < ImageDataset.PixelCount; pixel++)
                {
                    pixels[((long)positions[i] * ImageDataset.PixelCount) + pixel] = (byte)MathF.Round(values[(i * ImageDataset.PixelCount) + pixel] * 255);
                }
            }
        }, chosen, progress);
        return new ImageDataset(pixels, labels, classes);
    }

    /// <summary>A picture with a row per class pair: <paramref name="perClass"/> letters of every class, two classes a row.</summary>
    public static GreyImage DrawGrid(Generator generator, ClassMapping classes, int perClass, Philox random)
    {
        var images = new float[classes.Count * perClass * ImageDataset.PixelCount];
        Draw(generator, classes.Count * perClass, random, (positions, drawn, labels) =>
        {
            var values = drawn.ToArray();
            for (var i = 0; i < labels.Length; i++)
            {
                // Letter number n of the stream is draw n / classes of its class.
                var slot = (labels[i] * perClass) + (positions[i] / classes.Count);
                values.AsSpan(i * ImageDataset.PixelCount, ImageDataset.PixelCount).CopyTo(images.AsSpan(slot * ImageDataset.PixelCount));
            }
        });
        return SampleGrid.Draw(images, PixelRange.ZeroToOne, 2 * perClass);
    }

    private static IEnumerable<int[]> All(int count)
    {
        for (var start = 0; start < count; start += Batch)
        {
            yield return [.. Enumerable.Range(start, Math.Min(Batch, count - start))];
        }
    }

    // Of the same sizes as the batches of all, because the size may decide how networks compute; the place in a batch does not.
    private static IEnumerable<int[]> Chosen(int[] positions, int count)
    {
        var whole = count - (count % Batch);
        foreach (var batch in positions.Where(position => position < whole).Chunk(Batch))
        {
            yield return [.. batch, .. Enumerable.Repeat(batch[0], Batch - batch.Length)];
        }

        if (positions.Any(position => position >= whole))
        {
            yield return [.. Enumerable.Range(whole, count - whole)];
        }
    }

    private static Tensor Noise(Generator generator, int count, Philox random) => Tensor.Normal([count, generator.NoiseLength], random, device: generator.Device);

    private static Tensor Draw(Generator generator, ReadOnlySpan<int> classes, Tensor noise, bool together = false)
    {
        using var labels = IndexTensor.FromSpan(classes, generator.Device);
        return generator.Forward(noise, labels).MinMaxNormalize(together);
    }
}
