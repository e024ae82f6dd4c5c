namespace Crypson.Models;

/// <summary>How the classifier is built and trained; the defaults are the paper's.</summary>
public sealed record ClassifierConfig
{
    public int Epochs { get; init; } = 100;

    public int BatchSize { get; init; } = 128;

    /// <summary>AdamW's step size.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Number of generated letters.</summary>
    public int Samples { get; init; } = 94_000;

    /// <summary>Share of the letters kept for validation.</summary>
    public double ValidationFraction { get; init; } = 0.05;

    /// <summary>Keeps as best the checkpoint with the lowest mean training loss of an epoch, not the best validation value; the published code does.</summary>
    public bool BestByTraining { get; init; }

    /// <summary>Reports the training accuracy as the mean since the run began, not of the epoch; the published code does.</summary>
    public bool RunningAccuracy { get; init; }

    /// <summary>Width of the hidden linear layer.</summary>
    public int Wide { get; init; } = 512;

    public float Dropout { get; init; } = 0.2f;

    /// <summary>Keeps the decoder's batch norms in evaluation mode; the published code does not.</summary>
    public bool FrozenStatistics { get; init; } = true;
}
