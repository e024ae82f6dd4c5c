namespace Crypson.Cli;

/// <summary>How many steps a task takes, told before it exists.</summary>
internal static class Schedule
{
    /// <summary>Full batches of what validation leaves.</summary>
    public static int StepsPerEpoch(int examples, double validationFraction, int batchSize) =>
        (examples - (int)Math.Round(examples * validationFraction)) / batchSize;
}
