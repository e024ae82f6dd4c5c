using Crypson.Nn;

namespace Crypson.Models;

/// <summary>
/// Trains generator and discriminator in turn, one step each per batch, with binary cross-entropy (Goodfellow et al.
/// 2014, non-saturating form). The generator's running statistics move in both steps, as is usual.
/// </summary>
public sealed class CganTask : TrainingTask
{
    private readonly ImageDataset dataset;
    private readonly CganConfig config;
    private readonly DataLoader<LabelledBatch> training;
    private readonly DataLoader<LabelledBatch> validation;
    private readonly Adam generatorOptimizer;
    private readonly Adam discriminatorOptimizer;
    private readonly Philox noise;
    private readonly ulong seed;
    private readonly Device device;

    /// <param name="dataset">Images with their letters.</param>
    /// <param name="config">How to train.</param>
    /// <param name="seed">Key of all random numbers; they are the same on every device.</param>
    /// <param name="device">Where networks, optimiser state and batches live; the CPU unless given.</param>
    /// <exception cref="DataException">There are fewer training images than a batch.</exception>
    public CganTask(ImageDataset dataset, CganConfig config, ulong seed, Device? device = null)
    {
        this.device = device ?? Device.Cpu;
        (this.dataset, this.config, this.seed) = (dataset, config, seed);
        var (train, valid) = dataset.Split(seed, config.ValidationFraction);
        TrainingData.RequireBatch(train.Length, config.BatchSize);
        var order = config.ClassBalanced
            ? Sampler.ClassBalanced(Array.ConvertAll(train, i => (byte)dataset.Label(i)), seed)
            : Sampler.Shuffled(train.Length, seed);
        training = Loader(order.Of(train), dropLast: true);
        validation = Loader(Sampler.Sequential(valid.Length).Of(valid), dropLast: false);
        Generator = new Generator(dataset.Classes.Count, new Philox(seed, Streams.GeneratorWeights), config.NoiseLength, config.Channels);
        Discriminator = new Discriminator(dataset.Classes.Count, new Philox(seed, Streams.DiscriminatorWeights), config.Hidden);
        Generator.To(this.device);
        Discriminator.To(this.device);
        generatorOptimizer = new Adam(Generator.NamedParameters(), config.LearningRate, config.Beta1, config.Beta2);
        discriminatorOptimizer = new Adam(Discriminator.NamedParameters(), config.LearningRate, config.Beta1, config.Beta2);
        noise = new Philox(seed, Streams.CganNoise);

        DataLoader<LabelledBatch> Loader(Sampler sampler, bool dropLast) =>
            new(sampler, config.BatchSize, batch => LabelledBatch.From(dataset, batch, PixelRange.MinusOneToOne, this.device), dropLast);
    }

    public Generator Generator { get; }

    public Discriminator Discriminator { get; }

    public override string Name => "cgan";

    public override int Epochs => config.Epochs;

    public override int StepsPerEpoch => training.BatchCount;

    public override int BatchSize => config.BatchSize;

    public override string BestBy => config.BestByTraining ? "train_g_loss" : "g_loss";

    public override IReadOnlyList<(string Name, Module Module)> Networks => [("generator", Generator), ("discriminator", Discriminator)];

    public override IEnumerable<MetricValues> Train(int epoch, int first)
    {
        Generator.Train();
        Discriminator.Train();
        foreach (var batch in training.Epoch(epoch, first))
        {
            yield return Step(batch);
        }
    }

    public override MetricValues Validate()
    {
        using var noGrad = Tensor.NoGrad();
        Generator.Eval();
        Discriminator.Eval();
        var random = new Philox(seed, Streams.Validation);
        var (discriminatorLoss, generatorLoss, count) = (0.0, 0.0, 0);
        foreach (var batch in validation.Epoch(0))
        {
            using (batch)
            using (new TensorScope())
            {
                var fake = Discriminator.Forward(Generator.Forward(Noise(batch.Count, random), batch.Labels), batch.Labels);
                var real = Discriminator.Forward(batch.Inputs, batch.Labels);
                var values = Read(Against(real, 1) + Against(fake, 0), Against(fake, 1));
                discriminatorLoss += batch.Count * (double)values[0];
                generatorLoss += batch.Count * (double)values[1];
                count += batch.Count;
            }
        }

        Generator.Train();
        Discriminator.Train();
        return count == 0 ? [] : new MetricValues { ["d_loss"] = discriminatorLoss / count, ["g_loss"] = generatorLoss / count };
    }

    public override GreyImage DrawSamples() => LetterSampler.DrawGrid(Generator, dataset.Classes, 10, new Philox(seed, Streams.Samples));

    public override void Save(SafetensorsWriter writer)
    {
        Generator.Save(writer, "generator.");
        Discriminator.Save(writer, "discriminator.");
        generatorOptimizer.Save(writer, "optimizer.generator.");
        discriminatorOptimizer.Save(writer, "optimizer.discriminator.");
        SaveCounter(writer, "noise", noise);
    }

    public override void Load(StateReader reader)
    {
        Generator.Load(reader, "generator.");
        Discriminator.Load(reader, "discriminator.");
        generatorOptimizer.Load(reader, "optimizer.generator.");
        discriminatorOptimizer.Load(reader, "optimizer.discriminator.");
        LoadCounter(reader, "noise", noise);
    }

    private MetricValues Step(LabelledBatch batch)
    {
        using var owned = batch;
        using var scope = new TensorScope();

        // Read last: a device works on while the next launches are made.
        var (discriminatorLoss, generatorLoss) = (DiscriminatorStep(batch), GeneratorStep(batch));
        var values = Read(discriminatorLoss, generatorLoss);
        return new MetricValues { ["d_loss"] = values[0], ["g_loss"] = values[1] };
    }

    private Tensor DiscriminatorStep(LabelledBatch batch)
    {
        Tensor fake;
        using (Tensor.NoGrad())
        {
            fake = Generator.Forward(Noise(batch.Count, noise), batch.Labels);
        }

        discriminatorOptimizer.ZeroGrad();
        var loss = Against(Discriminator.Forward(batch.Inputs, batch.Labels), 1) + Against(Discriminator.Forward(fake, batch.Labels), 0);
        loss.Backward();
        discriminatorOptimizer.Step();
        return loss;
    }

    private Tensor GeneratorStep(LabelledBatch batch)
    {
        // The discriminator only passes the gradient on.
        Discriminator.RequireGrad(false);
        generatorOptimizer.ZeroGrad();
        var loss = Against(Discriminator.Forward(Generator.Forward(Noise(batch.Count, noise), batch.Labels), batch.Labels), 1);
        loss.Backward();
        generatorOptimizer.Step();
        Discriminator.RequireGrad(true);
        return loss;
    }

    private Tensor Noise(int count, Philox random) => Tensor.Normal([count, config.NoiseLength], random, device: device);

    private static Tensor Against(Tensor probability, float target) =>
        probability.BinaryCrossEntropy(Tensor.Full(probability.Shape, target, probability.Device));
}
