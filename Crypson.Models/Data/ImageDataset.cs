namespace Crypson.Models;

/// <summary>
/// Labelled grey images of 32 x 32 pixels, upright, 0 background to 255 ink, kept as bytes in memory (1 KiB each).
/// Immutable, so any number of threads may read.
/// </summary>
public sealed class ImageDataset
{
    /// <summary>Width and height of every image.</summary>
    public const int Side = 32;

    /// <summary>Pixels of every image.</summary>
    public const int PixelCount = Side * Side;

    private static readonly float[] UnitValues = [.. Enumerable.Range(0, 256).Select(b => b / 255f)];
    private static readonly float[] SignedValues = [.. UnitValues.Select(v => (v - 0.5f) / 0.5f)];

    private readonly byte[] pixels;
    private readonly byte[] labels;
    private readonly int[] countPerClass;

    /// <summary>Takes over images of 32 x 32 and their classes.</summary>
    /// <param name="pixels">[count, 32, 32], upright; not copied, so leave it alone afterwards.</param>
    /// <param name="labels">[count], each 0 to <c>classes.Count</c> - 1; not copied either.</param>
    /// <param name="classes">What the classes stand for.</param>
    /// <exception cref="DataException">The counts differ, or a label has no class.</exception>
    public ImageDataset(byte[] pixels, byte[] labels, ClassMapping classes)
    {
        if (pixels.Length != (long)labels.Length * PixelCount)
        {
            throw new DataException($"image data set: {pixels.Length} pixels do not make {labels.Length} images of {Side} x {Side}");
        }

        (this.pixels, this.labels, Classes) = (pixels, labels, classes);
        countPerClass = new int[classes.Count];
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] >= classes.Count)
            {
                throw new DataException($"image data set: label {labels[i]} of image {i} is outside the {classes.Count} classes");
            }

            countPerClass[labels[i]]++;
        }
    }

    /// <summary>Number of images.</summary>
    public int Count => labels.Length;

    /// <summary>What the classes stand for.</summary>
    public ClassMapping Classes { get; }

    /// <summary>The class of every image.</summary>
    public ReadOnlySpan<byte> Labels => labels;

    /// <summary>Number of images of each class.</summary>
    public IReadOnlyList<int> CountPerClass => countPerClass;

    /// <summary>
    /// Makes a data set from stored images of any accepted size, each resized to 32 x 32 by <see cref="ImageScaler"/>.
    /// </summary>
    /// <param name="images">As read from an IDX file.</param>
    /// <param name="labels">As read from an IDX file; <see cref="ClassMapping.FirstLabel"/> is subtracted.</param>
    /// <param name="classes">The split's mapping.</param>
    /// <param name="transposed">True for EMNIST files, which store columns as rows; the result is upright.</param>
    /// <exception cref="DataException">The counts differ, or a label is outside the mapping.</exception>
    public static ImageDataset FromIdx(IdxImages images, ReadOnlySpan<byte> labels, ClassMapping classes, bool transposed)
    {
        if (images.Count != labels.Length)
        {
            throw new DataException($"{images.Count} images but {labels.Length} labels; the two files do not belong together");
        }

        var classOf = new byte[labels.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            var index = labels[i] - classes.FirstLabel;
            classOf[i] = index >= 0 && index < classes.Count
                ? (byte)index
                : throw new DataException($"label {labels[i]} of image {i} is outside the mapping's {classes.FirstLabel} to {classes.FirstLabel + classes.Count - 1}; do the labels and the mapping belong to the same split?");
        }

        var pixels = new byte[(long)images.Count * PixelCount];
        var scaler = new ImageScaler(images.Rows, Side);
        var upright = new byte[images.Rows * images.Columns];
        for (var i = 0; i < images.Count; i++)
        {
            var image = images.Image(i);
            if (transposed)
            {
                Transpose(image, upright, images.Rows);
                image = upright;
            }

            scaler.Resize(image, pixels.AsSpan(i * PixelCount, PixelCount));
        }

        return new ImageDataset(pixels, classOf, classes);
    }

    /// <summary>The pixels of image <paramref name="index"/>: [32, 32].</summary>
    public ReadOnlySpan<byte> Image(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return pixels.AsSpan(index * PixelCount, PixelCount);
    }

    /// <summary>The class of image <paramref name="index"/>.</summary>
    public int Label(int index) => labels[index];

    /// <summary>Writes image <paramref name="index"/> as [32, 32] numbers in the given range.</summary>
    public void CopyTo(Span<float> destination, int index, PixelRange range)
    {
        var image = Image(index);
        var values = range == PixelRange.ZeroToOne ? UnitValues : SignedValues;
        destination = destination[..PixelCount];
        for (var i = 0; i < destination.Length; i++)
        {
            destination[i] = values[image[i]];
        }
    }

    /// <summary>Writes a batch as [indices, 32, 32] numbers in the given range.</summary>
    public void CopyTo(Span<float> destination, ReadOnlySpan<int> indices, PixelRange range)
    {
        for (var i = 0; i < indices.Length; i++)
        {
            CopyTo(destination.Slice(i * PixelCount, PixelCount), indices[i], range);
        }
    }

    /// <summary>A data set of copies of the chosen images, in the given order.</summary>
    public ImageDataset Subset(ReadOnlySpan<int> indices)
    {
        var pixels = new byte[(long)indices.Length * PixelCount];
        var labels = new byte[indices.Length];
        for (var i = 0; i < indices.Length; i++)
        {
            Image(indices[i]).CopyTo(pixels.AsSpan(i * PixelCount, PixelCount));
            labels[i] = this.labels[indices[i]];
        }

        return new ImageDataset(pixels, labels, Classes);
    }

    /// <summary>
    /// Parts the image indices at random into training and validation, for one seed always in the same way on every
    /// machine. Both lists are ascending, so they do not depend on how the permutation orders them.
    /// </summary>
    /// <param name="seed">Key of the permutation.</param>
    /// <param name="validationFraction">Share of the validation images, 0 to below 1, rounded to whole images.</param>
    public (int[] Training, int[] Validation) Split(ulong seed, double validationFraction = 0.05) => Split(Count, seed, validationFraction);

    /// <inheritdoc cref="Split(ulong, double)"/>
    internal static (int[] Training, int[] Validation) Split(int count, ulong seed, double validationFraction)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(validationFraction);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(validationFraction, 1);
        var order = new Philox(seed, SplitStream).Permutation(count);
        var validationCount = (int)Math.Round(count * validationFraction);
        var (validation, training) = (order[..validationCount], order[validationCount..]);
        Array.Sort(validation);
        Array.Sort(training);
        return (training, validation);
    }

    // "split" in ASCII: a stream of its own, so that a seed used elsewhere too gives unrelated numbers.
    private const ulong SplitStream = 0x73706C6974;

    /// <summary>Swaps rows and columns of one square image.</summary>
    internal static void Transpose(ReadOnlySpan<byte> source, Span<byte> target, int side)
    {
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++)
            {
                target[y * side + x] = source[x * side + y];
            }
        }
    }
}
