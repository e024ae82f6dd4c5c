using Crypson.Nn;

namespace Crypson.Models;

/// <summary>Which examples are there, and in which order training takes them.</summary>
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

    /// <summary>A new random order of the training part in every epoch.</summary>
    public static Sampler Shuffled(int[] train, ulong seed) => Sampler.Shuffled(train.Length, seed).Of(train);

    /// <summary>
    /// The examples of some steps, from <c>First</c> to before <c>End</c>, counted from the beginning of the run; null, which is
    /// all, if an epoch ends among them, because its validation takes the others.
    /// </summary>
    public static int[]? OfSteps((long First, long End) steps, int[] train, int batchSize, ulong seed)
    {
        var perEpoch = train.Length / batchSize;
        if (perEpoch == 0 || steps.First / perEpoch != steps.End / perEpoch)
        {
            return null;
        }

        var (first, end) = ((int)(steps.First % perEpoch), (int)(steps.End % perEpoch));
        return Shuffled(train, seed).Order((int)(steps.First / perEpoch))[(first * batchSize)..(end * batchSize)];
    }
}
