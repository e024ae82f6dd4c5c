namespace Crypson.Models;

/// <summary>Pictures of many small square images side by side, row by row, dark ink on white paper.</summary>
public static class SampleGrid
{
    private const byte Paper = 255;
    private const byte Gap = 232;

    /// <summary>Draws images given as bytes, 0 background to 255 ink.</summary>
    /// <param name="images">[count, side, side].</param>
    /// <param name="columns">Images in a row; the last row may be shorter.</param>
    /// <param name="scale">Screen pixels per image pixel, 1 to 16.</param>
    /// <param name="margin">Screen pixels between images and around them.</param>
    /// <param name="side">Width and height of one image.</param>
    public static GreyImage Draw(ReadOnlySpan<byte> images, int columns, int scale = 2, int margin = 2, int side = ImageDataset.Side)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scale, 16);
        ArgumentOutOfRangeException.ThrowIfNegative(margin);
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        var pixelCount = side * side;
        if (images.Length == 0 || images.Length % pixelCount != 0)
        {
            throw new ArgumentException($"sample grid: {images.Length} pixels are not one or more whole images of {side} x {side}", nameof(images));
        }

        var count = images.Length / pixelCount;
        columns = Math.Min(columns, count);
        var rows = (count + columns - 1) / columns;
        var cell = side * scale + margin;
        var (width, height) = (columns * cell + margin, rows * cell + margin);
        var pixels = new byte[width * height];
        Array.Fill(pixels, Gap);
        for (var i = 0; i < count; i++)
        {
            var image = images.Slice(i * pixelCount, pixelCount);
            var (left, top) = (i % columns * cell + margin, i / columns * cell + margin);
            for (var y = 0; y < side * scale; y++)
            {
                var target = pixels.AsSpan((top + y) * width + left, side * scale);
                var source = image.Slice(y / scale * side, side);
                for (var x = 0; x < target.Length; x++)
                {
                    target[x] = (byte)(Paper - source[x / scale]);
                }
            }
        }

        return new GreyImage(width, height, pixels);
    }

    /// <summary>Draws images given as numbers; values outside the range are clamped.</summary>
    /// <param name="images">[count, side, side].</param>
    /// <param name="range">What background and ink are.</param>
    /// <param name="columns">Images in a row; the last row may be shorter.</param>
    /// <param name="scale">Screen pixels per image pixel, 1 to 16.</param>
    /// <param name="margin">Screen pixels between images and around them.</param>
    /// <param name="side">Width and height of one image.</param>
    public static GreyImage Draw(ReadOnlySpan<float> images, PixelRange range, int columns, int scale = 2, int margin = 2, int side = ImageDataset.Side)
    {
        var bytes = new byte[images.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            var unit = range == PixelRange.ZeroToOne ? images[i] : (images[i] + 1) / 2;
            // A NaN, from a model that has diverged, shows as background.
            bytes[i] = unit > 0 ? (byte)(Math.Min(unit, 1) * 255 + 0.5f) : (byte)0;
        }

        return Draw(bytes, columns, scale, margin, side);
    }

    /// <summary>Draws the first images of every class: one row per class, in class order.</summary>
    /// <param name="dataset">Classes with fewer images than columns leave cells blank.</param>
    /// <param name="columns">Images of each class.</param>
    /// <param name="scale">Screen pixels per image pixel, 1 to 16.</param>
    public static GreyImage DrawClasses(ImageDataset dataset, int columns, int scale = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        var images = new byte[dataset.Classes.Count * columns * ImageDataset.PixelCount];
        var drawn = new int[dataset.Classes.Count];
        for (var i = 0; i < dataset.Count; i++)
        {
            var label = dataset.Label(i);
            if (drawn[label] < columns)
            {
                dataset.Image(i).CopyTo(images.AsSpan((label * columns + drawn[label]++) * ImageDataset.PixelCount));
            }
        }

        return Draw(images, columns, scale);
    }
}
