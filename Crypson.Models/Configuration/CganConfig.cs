namespace Crypson.Models;

/// <summary>How the cGAN is built and trained; the defaults are the paper's.</summary>
public sealed record CganConfig
{
    public int Epochs { get; init; } = 200;

    public int BatchSize { get; init; } = 128;

    /// <summary>Adam's step size, for both networks.</summary>
    public double LearningRate { get; init; } = 2e-4;

    public double Beta1 { get; init; } = 0.5;

    public double Beta2 { get; init; } = 0.999;

    /// <summary>Share of the images kept for validation.</summary>
    public double ValidationFraction { get; init; } = 0.05;

    /// <summary>Keeps as best the checkpoint with the lowest mean training loss of an epoch, not the best validation value; the published code does.</summary>
    public bool BestByTraining { get; init; }

    /// <summary>Draws every class equally often, for data sets that are not balanced.</summary>
    public bool ClassBalanced { get; init; }

    /// <summary>Length of the generator's random vector.</summary>
    public int NoiseLength { get; init; } = 64;

    /// <summary>Channels of the generator's stages.</summary>
    public IReadOnlyList<int> Channels { get; init; } = [512, 256, 128];

    /// <summary>Widths of the discriminator's hidden layers.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [2048, 2048, 1024, 512];
}
