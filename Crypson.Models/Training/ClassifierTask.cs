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
        var (train, valid) = Split(letters.Count, config.ValidationFraction, seed);
        TrainingData.RequireBatch(train.Length, config.BatchSize);
        training = Loader(TrainingData.Shuffled(train, seed), dropLast: true);
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
    /// <param name="generator">Draws.</param>
    /// <param name="vae">Encodes.</param>
    /// <param name="config">How many, and the key of their noise.</param>
    /// <param name="steps">The steps to train, if not all; letters that none of them uses may be zeros.</param>
    /// <param name="progress">Hears how many of how many are drawn.</param>
    public static LatentDataset DrawLetters(
        Generator generator, Vae vae, CrypsonConfig config, (long First, long End)? steps = null, Action<int, int>? progress = null)
    {
        var own = config.Classifier;
        var chosen = steps is null
            ? null
            : TrainingData.OfSteps(steps.Value, Split(own.Samples, own.ValidationFraction, config.Seed).Training, own.BatchSize, config.Seed);
        return LatentDataset.Draw(generator, vae, own.Samples, new Philox(config.Seed, Streams.ClassifierImages), chosen, progress);
    }

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

    private static (int[] Training, int[] Validation) Split(int count, double validationFraction, ulong seed)
    {
        var order = new Philox(seed, Streams.ClassifierSplit).Permutation(count);
        var held = (int)Math.Round(count * validationFraction);
        return (order[held..], order[..held]);
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
