using Crypson.Nn;

namespace Crypson.Models;

/// <summary>Trains the classifier's two linear layers on latents of generated letters.</summary>
public sealed class ClassifierTask : TrainingTask
{
    private readonly ClassifierConfig config;
    private readonly DataLoader<LabelledBatch> training;
    private readonly DataLoader<LabelledBatch> validation;
    private readonly AdamW optimizer;
    private readonly Philox dropout;
    private readonly Tensor identity;
    private ConfusionMatrix? confusion;

    /// <param name="letters">Latents with their letters.</param>
    /// <param name="vae">Its decoder is copied.</param>
    /// <param name="classes">Number of letters.</param>
    /// <param name="config">How to train.</param>
    /// <param name="seed">Key of all random numbers; they are the same on every device.</param>
    /// <param name="device">Where the network, optimiser state and batches live; the CPU unless given.</param>
    /// <exception cref="DataException">There are fewer training letters than a batch.</exception>
    public ClassifierTask(LatentDataset letters, Vae vae, int classes, ClassifierConfig config, ulong seed, Device? device = null)
    {
        var place = device ?? Device.Cpu;
        this.config = config;
        var order = new Philox(seed, Streams.ClassifierSplit).Permutation(letters.Count);
        var held = (int)Math.Round(letters.Count * config.ValidationFraction);
        var (valid, train) = (order[..held], order[held..]);
        TrainingData.RequireBatch(train.Length, config.BatchSize);
        training = Loader(Sampler.Shuffled(train.Length, seed).Of(train), dropLast: true);
        validation = Loader(Sampler.Sequential(valid.Length).Of(valid), dropLast: false);
        identity = Identity(classes, place);
        dropout = new Philox(seed, Streams.ClassifierWeights);
        Classifier = new Classifier(classes, dropout, vae.Hidden, vae.Latent, config.Wide, config.Dropout, config.FrozenStatistics);
        Classifier.CopyDecoder(vae);
        Classifier.To(place);
        optimizer = new AdamW(Classifier.TrainedParameters(), config.LearningRate);

        DataLoader<LabelledBatch> Loader(Sampler sampler, bool dropLast) =>
            new(sampler, config.BatchSize, batch => LabelledBatch.From(letters, batch, place), dropLast);
    }

    /// <summary>The letters that the classifier is trained on.</summary>
    public static LatentDataset DrawLetters(Generator generator, Vae vae, CrypsonConfig config, Action<int, int>? progress = null) =>
        LatentDataset.Draw(generator, vae, config.Classifier.Samples, new Philox(config.Seed, Streams.ClassifierImages), progress);

    public Classifier Classifier { get; }

    public override string Name => "classifier";

    public override int Epochs => config.Epochs;

    public override int StepsPerEpoch => training.BatchCount;

    public override int BatchSize => config.BatchSize;

    public override string BestBy => config.BestByTraining ? "train_loss" : "accuracy";

    public override bool LargerIsBetter => !config.BestByTraining;

    public override bool IsRunningMean(string name) => config.RunningAccuracy && name == "accuracy";

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
            using var owned = batch;
            using var scope = new TensorScope();
            var logits = Classifier.Forward(batch.Inputs);
            loss += logits.CrossEntropy(batch.Labels, LossReduction.Sum).Item();
            matrix.Add(batch.Labels.ToArray(), logits.ArgMax(1).ToArray());
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

    private MetricValues Step(LabelledBatch batch)
    {
        using var owned = batch;
        using var scope = new TensorScope();
        optimizer.ZeroGrad();
        var logits = Classifier.Forward(batch.Inputs);
        var loss = logits.CrossEntropy(batch.Labels);
        loss.Backward();
        optimizer.Step();

        // The prediction as a row of zeros and a 1: [batch, classes]. At the label it has 1 if it is right. Sums of ones are exact.
        var hits = identity.Embedding(logits.ArgMax(1)).Gather(1, batch.Labels.Reshape([batch.Count, 1]));
        var values = Read(loss, hits.Sum());
        return new MetricValues { ["loss"] = values[0], ["accuracy"] = (double)values[1] / batch.Count };
    }

    private static Tensor Identity(int size, Device device)
    {
        var values = new float[size * size];
        for (var i = 0; i < size; i++)
        {
            values[i * (size + 1)] = 1;
        }

        return Tensor.FromSpan(values, [size, size], device).Persist();
    }
}
