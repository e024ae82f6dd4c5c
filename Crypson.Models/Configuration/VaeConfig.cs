namespace Crypson.Models;

/// <summary>How the VAE is built and trained; the defaults are the paper's.</summary>
public sealed record VaeConfig
{
    public int Epochs { get; init; } = 100;

    public int BatchSize { get; init; } = 128;

    public double LearningRate { get; init; } = 2e-4;

    /// <summary><c>adam</c> or <c>adamw</c>.</summary>
    public string Optimizer { get; init; } = "adam";

    /// <summary>Weight of the Kullback-Leibler term; the reconstruction has the rest.</summary>
    public float KlWeight { get; init; } = 0.7f;

    /// <summary>Images to train on: <c>generated</c>, drawn by the generator, or <c>real</c>.</summary>
    public string Images { get; init; } = "generated";

    /// <summary>Number of generated images.</summary>
    public int Samples { get; init; } = 94_000;

    /// <summary>Share of the images kept for validation.</summary>
    public double ValidationFraction { get; init; } = 0.05;

    /// <summary>Keeps as best the checkpoint with the lowest mean training loss of an epoch, not the best validation value; the published code does.</summary>
    public bool BestByTraining { get; init; }

    /// <summary>
    /// Scales a message's drawings by their joint smallest and largest value when sending, not each by its own; the published
    /// code does. Joint means those drawn at once, up to 128.
    /// </summary>
    public bool ScaleWholeMessage { get; init; }

    /// <summary>Channels of the encoder's stages.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [32, 64, 128, 256];
}
