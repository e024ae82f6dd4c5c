namespace Crypson.Models;

/// <summary>How often each class was read as each class.</summary>
/// <param name="classes">Number of classes.</param>
public sealed class ConfusionMatrix(int classes)
{
    private readonly long[,] counts = new long[classes, classes];

    /// <summary>Number of classes.</summary>
    public int Classes => classes;

    /// <summary>Letters seen.</summary>
    public long Total { get; private set; }

    /// <summary>Letters read correctly.</summary>
    public long Correct { get; private set; }

    /// <summary>Share of letters read correctly; NaN without letters.</summary>
    public double Accuracy => (double)Correct / Total;

    /// <summary>Letters of class <paramref name="actual"/> that were read as <paramref name="predicted"/>.</summary>
    public long this[int actual, int predicted] => counts[actual, predicted];

    /// <summary>Counts one letter.</summary>
    public void Add(int actual, int predicted)
    {
        counts[actual, predicted]++;
        Total++;
        Correct += actual == predicted ? 1 : 0;
    }

    /// <summary>Counts a batch.</summary>
    public void Add(ReadOnlySpan<int> actual, ReadOnlySpan<int> predicted)
    {
        for (var i = 0; i < actual.Length; i++)
        {
            Add(actual[i], predicted[i]);
        }
    }

    /// <summary>Letters of a class.</summary>
    public long CountOf(int actual)
    {
        var count = 0L;
        for (var predicted = 0; predicted < classes; predicted++)
        {
            count += counts[actual, predicted];
        }

        return count;
    }

    /// <summary>Share of a class's letters read correctly; NaN without letters.</summary>
    public double AccuracyOf(int actual) => (double)counts[actual, actual] / CountOf(actual);
}
