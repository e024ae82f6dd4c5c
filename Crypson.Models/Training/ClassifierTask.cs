using Crypson.Nn;

namespace Crypson.Models;

/// <summary>Trains the classifier's two linear layers on latents of generated letters.</summary>
public sealed class ClassifierTask : TrainingTask
{
    private readonly LatentDataset letters;
    private readonly ClassifierConfig config;
    private readonly DataLoader<int[]> training;
    private readonly DataLoader<int[]> validation;
    private readonly AdamW optimizer;
    private readonly Philox dropout;
    private ConfusionMatrix? confusion;

    /// <exception cref="DataException">There are fewer training letters than a batch.</exception>
    public ClassifierTask(LatentDataset letters, Vae vae, int classes, ClassifierConfig config, ulong seed)
    {
        (this.letters, this.config) = (letters, config);
        var order = new Philox(seed, Streams.ClassifierSplit).Permutation(letters.Count);
        var held = (int)Math.Round(letters.Count * config.ValidationFraction);
        var (valid, train) = (order[..held], order[held..]);
        TrainingData.RequireBatch(train.Length, config.BatchSize);
        training = Loader(train, Sampler.Shuffled(train.Length, seed), true);
        validation = Loader(valid, Sampler.Sequential(valid.Length), false);
        dropout = new Philox(seed, Streams.ClassifierWeights);
        Classifier = new Classifier(classes, dropout, vae.Hidden, vae.Latent, config.Wide, config.Dropout, config.FrozenStatistics);
        Classifier.CopyDecoder(vae);
        optimizer = new AdamW(Classifier.TrainedParameters(), config.LearningRate);

        DataLoader<int[]> Loader(int[] indices, Sampler sampler, bool dropLast) =>
            new(sampler, config.BatchSize, batch => Array.ConvertAll(batch.ToArray(), i => indices[i]), dropLast);
    }

    /// <summary>The letters that the classifier is trained on.</summary>
    public static LatentDataset DrawLetters(Generator generator, Vae vae, CrypsonConfig config, Action<int, int>? progress = null) =>
        LatentDataset.Draw(generator, vae, config.Classifier.Samples, new Philox(config.Seed, Streams.ClassifierImages), progress);

    public Classifier Classifier { get; }

    public override string Name => "classifier";

    public override int Epochs => config.Epochs;

    public override int StepsPerEpoch => training.BatchCount;

    public override int BatchSize => config.BatchSize;

    public override string BestBy => "accuracy";

    public override bool LargerIsBetter => true;

    public override ConfusionMatrix? Confusion => confusion;

    public override IReadOnlyList<(string Name, Module Module)> Networks => [("classifier", Classifier)];

    public override IEnumerable<MetricValues> Train(int epoch, int first)
    {
        Classifier.Train();
        foreach (var batch in training.Epoch(epoch, first))
        {
            yield return Step(batch);
        }
    }

    public override MetricValues Validate()
    {
        using var noGrad = Tensor.NoGrad();
        Classifier.Eval();
        var matrix = new ConfusionMatrix(Classifier.Classes);
        var loss = 0.0;
        foreach (var batch in validation.Epoch(0))
        {
            using var scope = new TensorScope();
            var (latents, labels) = Load(batch);
            var logits = Classifier.Forward(latents);
            loss += logits.CrossEntropy(labels, LossReduction.Sum).Item();
            matrix.Add(labels.ToArray(), logits.ArgMax(1).ToArray());
            labels.Dispose();
        }

        Classifier.Train();
        confusion = matrix;
        return matrix.Total == 0 ? [] : new MetricValues { ["loss"] = loss / matrix.Total, ["accuracy"] = matrix.Accuracy };
    }

    public override void Save(SafetensorsWriter writer)
    {
        Classifier.Save(writer, "classifier.");
        optimizer.Save(writer, "optimizer.classifier.");
        SaveCounter(writer, "dropout", dropout);
    }

    public override void Load(StateReader reader)
    {
        Classifier.Load(reader, "classifier.");
        optimizer.Load(reader, "optimizer.classifier.");
        LoadCounter(reader, "dropout", dropout);
    }

    private MetricValues Step(int[] batch)
    {
        using var scope = new TensorScope();
        var (latents, labels) = Load(batch);
        optimizer.ZeroGrad();
        var logits = Classifier.Forward(latents);
        var loss = logits.CrossEntropy(labels);
        loss.Backward();
        optimizer.Step();
        var predicted = logits.ArgMax(1).ToArray();
        var correct = labels.ToArray().Zip(predicted).Count(pair => pair.First == pair.Second);
        labels.Dispose();
        return new MetricValues { ["loss"] = loss.Item(), ["accuracy"] = (double)correct / batch.Length };
    }

    private (Tensor Latents, IndexTensor Labels) Load(int[] batch)
    {
        var width = letters.Width;
        var latents = new float[batch.Length * width];
        for (var i = 0; i < batch.Length; i++)
        {
            letters.Latents.AsSpan(batch[i] * width, width).CopyTo(latents.AsSpan(i * width));
        }

        return (Tensor.FromSpan(latents, [batch.Length, width]), IndexTensor.FromSpan(Array.ConvertAll(batch, i => letters.Labels[i])));
    }
}
