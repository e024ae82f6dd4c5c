using Crypson.Nn;

namespace Crypson.Models;

/// <summary>Images with their classes. Made on the loader's thread, freed by the step that used it.</summary>
/// <param name="Images">[n, 1, 32, 32].</param>
/// <param name="Labels">[n].</param>
internal sealed record ImageBatch(Tensor Images, IndexTensor Labels) : IDisposable
{
    public int Count => Labels.Count;

    /// <summary>A loader of a data set's chosen images.</summary>
    public static DataLoader<ImageBatch> Loader(
        ImageDataset dataset, int[] indices, PixelRange range, int batchSize, Func<int, Sampler> sampler, bool dropLast) =>
        new(sampler(indices.Length), batchSize, order => From(dataset, Array.ConvertAll(order.ToArray(), i => indices[i]), range), dropLast);

    public static ImageBatch From(ImageDataset dataset, int[] indices, PixelRange range)
    {
        var pixels = System.Buffers.ArrayPool<float>.Shared.Rent(indices.Length * ImageDataset.PixelCount);
        var values = pixels.AsSpan(0, indices.Length * ImageDataset.PixelCount);
        dataset.CopyTo(values, indices, range);
        var images = Tensor.FromSpan(values, [indices.Length, 1, ImageDataset.Side, ImageDataset.Side]);
        System.Buffers.ArrayPool<float>.Shared.Return(pixels);
        return new ImageBatch(images, IndexTensor.FromSpan(Array.ConvertAll(indices, dataset.Label)));
    }

    public void Dispose()
    {
        Images.Dispose();
        Labels.Dispose();
    }
}
