namespace Crypson.Models;

/// <summary>Examples with their classes. Made on the loader's thread, freed by the step that used it.</summary>
/// <param name="Inputs">[n, ...]: images or latents.</param>
/// <param name="Labels">[n].</param>
internal sealed record LabelledBatch(Tensor Inputs, IndexTensor Labels) : IDisposable
{
    public int Count => Labels.Count;

    /// <summary>Chosen images of a data set: [n, 1, 32, 32].</summary>
    public static LabelledBatch From(ImageDataset dataset, ReadOnlyMemory<int> chosen, PixelRange range, Device device) => new(
        Tensor.Create([chosen.Length, 1, ImageDataset.Side, ImageDataset.Side], (dataset, chosen, range), static (values, from) =>
            from.dataset.CopyTo(values, from.chosen.Span, from.range), device),
        IndexTensor.Create([chosen.Length], (dataset, chosen), static (labels, from) =>
        {
            for (var i = 0; i < labels.Length; i++)
            {
                labels[i] = from.dataset.Label(from.chosen.Span[i]);
            }
        }, device));

    /// <summary>Chosen latents: [n, width].</summary>
    public static LabelledBatch From(LatentDataset letters, ReadOnlyMemory<int> chosen, Device device) => new(
        Tensor.Create([chosen.Length, letters.Width], (letters, chosen), static (values, from) =>
        {
            var width = from.letters.Width;
            for (var i = 0; i < from.chosen.Length; i++)
            {
                from.letters.Latents.AsSpan(from.chosen.Span[i] * width, width).CopyTo(values.Slice(i * width, width));
            }
        }, device),
        IndexTensor.Create([chosen.Length], (letters, chosen), static (labels, from) =>
        {
            for (var i = 0; i < labels.Length; i++)
            {
                labels[i] = from.letters.Labels[from.chosen.Span[i]];
            }
        }, device));

    public void Dispose()
    {
        Inputs.Dispose();
        Labels.Dispose();
    }
}
