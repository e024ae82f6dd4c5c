using Crypson.Nn;

namespace Crypson.Models;

/// <summary>Trains the VAE on images in [0, 1], each scaled by its own smallest and largest value.</summary>
public sealed class VaeTask : TrainingTask
{
    private readonly ImageDataset dataset;
    private readonly VaeConfig config;
    private readonly DataLoader<LabelledBatch> training;
    private readonly DataLoader<LabelledBatch> validation;
    private readonly int[] validationIndices;
    private readonly Optimizer optimizer;
    private readonly Philox noise;
    private readonly ulong seed;
    private readonly Device device;

    /// <param name="dataset">Images; their letters are not used.</param>
    /// <param name="config">How to train.</param>
    /// <param name="seed">Key of all random numbers; they are the same on every device.</param>
    /// <param name="device">Where the network, optimiser state and batches live; the CPU unless given.</param>
    /// <exception cref="DataException">There are fewer training images than a batch.</exception>
    /// <exception cref="ArgumentException">The optimiser is unknown.</exception>
    public VaeTask(ImageDataset dataset, VaeConfig config, ulong seed, Device? device = null)
    {
        this.device = device ?? Device.Cpu;
        (this.dataset, this.config, this.seed) = (dataset, config, seed);
        (var train, validationIndices) = dataset.Split(seed, config.ValidationFraction);
        TrainingData.RequireBatch(train.Length, config.BatchSize);
        training = Loader(TrainingData.Shuffled(train, seed), dropLast: true);
        validation = Loader(Sampler.Sequential(validationIndices.Length).Of(validationIndices), dropLast: false);
        Vae = new Vae(new Philox(seed, Streams.VaeWeights), config.Hidden);
        Vae.To(this.device);
        optimizer = config.Optimizer switch
        {
            "adam" => new Adam(Vae.NamedParameters(), config.LearningRate),
            "adamw" => new AdamW(Vae.NamedParameters(), config.LearningRate),
            _ => throw new ArgumentException($"vae: there is no optimizer '{config.Optimizer}'; choose adam or adamw"),
        };
        noise = new Philox(seed, Streams.VaeNoise);

        DataLoader<LabelledBatch> Loader(Sampler sampler, bool dropLast) =>
            new(sampler, config.BatchSize, batch => LabelledBatch.From(dataset, batch, PixelRange.ZeroToOne, this.device), dropLast);
    }

    /// <summary>The images that training with <c>images: generated</c> uses.</summary>
    /// <param name="generator">Draws.</param>
    /// <param name="classes">The generator's letters.</param>
    /// <param name="config">How many, and the key of their noise.</param>
    /// <param name="steps">The steps to train, if not all; images that none of them uses may be blank.</param>
    /// <param name="progress">Hears how many of how many are drawn.</param>
    public static ImageDataset DrawImages(
        Generator generator, ClassMapping classes, CrypsonConfig config, (long First, long End)? steps = null, Action<int, int>? progress = null)
    {
        var vae = config.Vae;
        var chosen = steps is null
            ? null
            : TrainingData.OfSteps(steps.Value, ImageDataset.Split(vae.Samples, config.Seed, vae.ValidationFraction).Training, vae.BatchSize, config.Seed);
        return LetterSampler.DrawDataset(generator, classes, vae.Samples, new Philox(config.Seed, Streams.VaeImages), chosen, progress);
    }

    public Vae Vae { get; }

    public override string Name => "vae";

    public override int Epochs => config.Epochs;

    public override int StepsPerEpoch => training.BatchCount;

    public override int BatchSize => config.BatchSize;

    public override string BestBy => config.BestByTraining ? "train_loss" : "loss";

    public override IReadOnlyList<(string Name, Module Module)> Networks => [("vae", Vae)];

    public override IEnumerable<MetricValues> Train(int epoch, int first)
    {
        Vae.Train();
        foreach (var batch in training.Epoch(epoch, first))
        {
            yield return Step(batch);
        }
    }

    /// <summary>Losses per batch of the configured size, with the mean as latent.</summary>
    public override MetricValues Validate()
    {
        using var noGrad = Tensor.NoGrad();
        Vae.Eval();
        var (loss, reconstruction, kl, count) = (0.0, 0.0, 0.0, 0);
        foreach (var batch in validation.Epoch(0))
        {
            using (batch)
            using (new TensorScope())
            {
                var images = batch.Inputs.MinMaxNormalize();
                var (result, mean, logVariance) = Vae.Forward(images, Tensor.Zeros([batch.Count, Vae.Latent], device));
                var losses = Vae.Loss(result, images, mean, logVariance, config.KlWeight);
                var values = Read(losses.Loss, losses.Reconstruction, losses.Kl);
                loss += values[0];
                reconstruction += values[1];
                kl += values[2];
                count += batch.Count;
            }
        }

        Vae.Train();
        var batches = (double)count / config.BatchSize;
        return count == 0
            ? []
            : new MetricValues { ["loss"] = loss / batches, ["reconstruction_loss"] = reconstruction / batches, ["kl_loss"] = kl / batches };
    }

    /// <summary>Rows of validation images above their reconstructions.</summary>
    public override GreyImage? DrawSamples()
    {
        const int Columns = 16;
        var shown = validationIndices.Take(4 * Columns).ToArray();
        if (shown.Length < Columns)
        {
            return null;
        }

        using var noGrad = Tensor.NoGrad();
        using var scope = new TensorScope();
        Vae.Eval();
        using var batch = LabelledBatch.From(dataset, shown, PixelRange.ZeroToOne, device);
        var originals = batch.Inputs.MinMaxNormalize();
        var reconstructions = Vae.Decoder.Forward(Vae.Encoder.Forward(originals).Mean);
        Vae.Train();
        var (before, after) = (originals.ToArray(), reconstructions.ToArray());
        var pairs = new List<float>();
        var row = Columns * ImageDataset.PixelCount;
        for (var start = 0; start + row <= before.Length; start += row)
        {
            pairs.AddRange(before.AsSpan(start, row));
            pairs.AddRange(after.AsSpan(start, row));
        }

        return SampleGrid.Draw(pairs.ToArray(), PixelRange.ZeroToOne, Columns);
    }

    public override void Save(SafetensorsWriter writer)
    {
        Vae.Save(writer, "vae.");
        optimizer.Save(writer, "optimizer.vae.");
        SaveCounter(writer, "noise", noise);
    }

    public override void Load(StateReader reader)
    {
        Vae.Load(reader, "vae.");
        optimizer.Load(reader, "optimizer.vae.");
        LoadCounter(reader, "noise", noise);
    }

    private MetricValues Step(LabelledBatch batch)
    {
        using var owned = batch;
        using var scope = new TensorScope();
        optimizer.ZeroGrad();
        var images = batch.Inputs.MinMaxNormalize();
        var (reconstruction, mean, logVariance) = Vae.Forward(images, Tensor.Normal([batch.Count, Vae.Latent], noise, device: device));
        var (loss, reconstructionLoss, kl) = Vae.Loss(reconstruction, images, mean, logVariance, config.KlWeight);
        loss.Backward();
        optimizer.Step();
        var values = Read(loss, reconstructionLoss, kl);
        return new MetricValues { ["loss"] = values[0], ["reconstruction_loss"] = values[1], ["kl_loss"] = values[2] };
    }
}
