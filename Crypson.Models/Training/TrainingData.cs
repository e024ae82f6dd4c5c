namespace Crypson.Models;

/// <summary>Checks on the amount of data.</summary>
internal static class TrainingData
{
    /// <summary>Throws unless there is at least one full batch.</summary>
    public static void RequireBatch(int examples, int batchSize)
    {
        if (batchSize < 2)
        {
            throw new DataException($"the batch size is {batchSize}; batch normalisation needs 2 or more");
        }

        if (examples < batchSize)
        {
            throw new DataException($"there are {examples} training images, fewer than one batch of {batchSize}\n  hint: use a smaller batch size or more images");
        }
    }
}
