namespace Crypson.Models;

/// <summary>How well a model reads letters: image to latent to letter, nothing resampled.</summary>
public static class ModelEvaluation
{
    private const int Batch = 128;

    /// <summary>Letters drawn by the model's own generator, all classes in turn, from noise that training never saw.</summary>
    /// <param name="model">Draws and reads.</param>
    /// <param name="count">Letters to draw.</param>
    /// <param name="seed">Key of the noise.</param>
    public static ConfusionMatrix Generated(CrypsonModel model, int count, ulong seed)
    {
        var confusion = new ConfusionMatrix(model.Classes.Count);
        LetterSampler.Draw(
            model.Generator, count, new Philox(seed, Streams.HeldOut),
            (_, images, classes) => confusion.Add(classes, Read(model, images)));
        return confusion;
    }

    /// <summary>Images of a data set with the model's letters.</summary>
    /// <exception cref="DataException">The data set has other letters.</exception>
    public static ConfusionMatrix Images(CrypsonModel model, ImageDataset dataset)
    {
        if (!dataset.Classes.Equals(model.Classes))
        {
            throw new DataException($"the data set has the letters {dataset.Classes}, the model {model.Classes}\n  hint: choose another split of the data folder");
        }

        var confusion = new ConfusionMatrix(model.Classes.Count);
        ReadOnlyMemory<int> all = Enumerable.Range(0, dataset.Count).ToArray();
        for (var start = 0; start < dataset.Count; start += Batch)
        {
            using var noGrad = Tensor.NoGrad();
            using var scope = new TensorScope();
            using var batch = LabelledBatch.From(
                dataset, all.Slice(start, Math.Min(Batch, dataset.Count - start)), PixelRange.ZeroToOne, model.Device);
            confusion.Add(batch.Labels.ToArray(), Read(model, batch.Inputs.MinMaxNormalize()));
        }

        return confusion;
    }

    private static int[] Read(CrypsonModel model, Tensor images) =>
        model.Classifier.Forward(model.Vae.Encoder.Forward(images).Mean).ArgMax(1).ToArray();
}
