namespace Crypson.Models;

/// <summary>
/// Data sets from <see cref="HandwritingSynthesizer"/>: in memory, or as files that are named and laid out like
/// EMNIST's and give the same data set when read.
/// </summary>
public static class SynthesizedDataset
{
    // Test images have indices of their own, so that no number of training images reaches them.
    private const long FirstTestIndex = 1L << 40;

    /// <summary>Training images: <paramref name="perClass"/> of every class, the classes taking turns.</summary>
    public static ImageDataset Train(ClassMapping classes, ulong seed, int perClass) => Create(classes, seed, perClass, 0);

    /// <summary>Test images, other ones than <see cref="Train"/> gives for the same seed.</summary>
    public static ImageDataset Test(ClassMapping classes, ulong seed, int perClass) => Create(classes, seed, perClass, FirstTestIndex);

    /// <summary>
    /// Writes <c>emnist-synthN-{train,test}-{images-idx3,labels-idx1}-ubyte.gz</c> and
    /// <c>emnist-synthN-mapping.txt</c>, N being the number of classes, images transposed as EMNIST stores them.
    /// </summary>
    /// <returns>The split, ready to be loaded.</returns>
    /// <exception cref="OperationCanceledException">Cancelled while drawing: nothing was written.</exception>
    public static EmnistSplit Write(string folder, ClassMapping classes, ulong seed, int trainPerClass, int testPerClass, CancellationToken cancellation = default)
    {
        var split = new EmnistSplit(folder, $"synth{classes.Count}");
        var train = Draw(classes, seed, trainPerClass, 0, cancellation);
        var test = Draw(classes, seed, testPerClass, FirstTestIndex, cancellation);
        WritePart("train", train.Images, train.Labels);
        WritePart("test", test.Images, test.Labels);
        classes.Save(Path.Combine(folder, $"emnist-{split.Name}-mapping.txt"));
        return split;

        void WritePart(string part, IdxImages images, byte[] labels)
        {
            var stored = new byte[images.Pixels.Length];
            for (var i = 0; i < images.Count; i++)
            {
                ImageDataset.Transpose(images.Image(i), stored.AsSpan(i * HandwritingSynthesizer.PixelCount), images.Rows);
            }

            IdxFile.WriteImages(Path.Combine(folder, $"emnist-{split.Name}-{part}-images-idx3-ubyte.gz"), images with { Pixels = stored });
            IdxFile.WriteLabels(Path.Combine(folder, $"emnist-{split.Name}-{part}-labels-idx1-ubyte.gz"), labels);
        }
    }

    private static ImageDataset Create(ClassMapping classes, ulong seed, int perClass, long firstIndex)
    {
        var (images, labels) = Draw(classes, seed, perClass, firstIndex);
        return ImageDataset.FromIdx(images, labels, classes, transposed: false);
    }

    private static (IdxImages Images, byte[] Labels) Draw(ClassMapping classes, ulong seed, int perClass, long firstIndex, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(perClass, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)perClass * classes.Count, IdxFile.MaxCount, nameof(perClass));
        var synthesizer = new HandwritingSynthesizer(classes, seed);
        var labels = new byte[perClass * classes.Count];
        var pixels = new byte[labels.Length * HandwritingSynthesizer.PixelCount];
        for (var i = 0; i < labels.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var classIndex = i % classes.Count;
            labels[i] = (byte)(classes.FirstLabel + classIndex);
            var image = pixels.AsSpan(i * HandwritingSynthesizer.PixelCount, HandwritingSynthesizer.PixelCount);
            synthesizer.Draw(image, classIndex, firstIndex + i / classes.Count);
        }

        return (new IdxImages(labels.Length, HandwritingSynthesizer.Side, HandwritingSynthesizer.Side, pixels), labels);
    }
}
