using Crypson.Kernels;

namespace Crypson;

/// <summary>
/// Indexed reading and adding on devices. Sums are gathered: a work-item owns elements of the result and looks through the
/// index for what belongs to them, so additions run in the order of the source and need no atomics.
/// </summary>
internal static partial class GatherKernels
{
    /// <summary>One picked element per work-item.</summary>
    [Kernel]
    internal static void Gather(
        Index1D i, ArrayView<float> table, ArrayView<int> index, ArrayView<float> picked, int tableLength, int indexLength, int inner)
    {
        var outer = i / (indexLength * inner);
        picked[i] = table[(outer * tableLength + index[i]) * inner + i % inner];
    }

    /// <summary>One element of the table per work-item.</summary>
    [Kernel]
    internal static void ScatterAdd(
        Index1D i, ArrayView<float> table, ArrayView<int> index, ArrayView<float> picked, int tableLength, int indexLength, int inner)
    {
        var row = i / inner;
        var place = row % tableLength;
        var start = row / tableLength * indexLength * inner + i % inner;
        var sum = table[i];
        for (var j = 0; j < indexLength; j++)
        {
            var at = start + j * inner;
            if (index[at] == place)
            {
                sum += picked[at];
            }
        }

        table[i] = sum;
    }

    /// <summary>One piece of one picked row per work-item.</summary>
    [Kernel]
    internal static void Embedding(Index1D i, ArrayView<float> table, ArrayView<int> index, ArrayView<float> y, int width, int piece)
    {
        var pieces = (width + piece - 1) / piece;
        var row = i / pieces;
        var begin = i % pieces * piece;
        var end = Math.Min(width, begin + piece);
        var from = index[row] * width;
        var to = row * width;
        for (var column = begin; column < end; column++)
        {
            y[to + column] = table[from + column];
        }
    }

    /// <summary>One piece of one row of the table per work-item; all of dx is written.</summary>
    [Kernel]
    internal static void EmbeddingBackward(Index1D i, ArrayView<int> index, ArrayView<float> dy, ArrayView<float> dx, int count, int width, int piece)
    {
        var pieces = (width + piece - 1) / piece;
        var place = i / pieces;
        var begin = i % pieces * piece;
        var end = Math.Min(width, begin + piece);
        var to = place * width;
        for (var column = begin; column < end; column++)
        {
            dx[to + column] = 0f;
        }

        for (var row = 0; row < count; row++)
        {
            if (index[row] == place)
            {
                for (var column = begin; column < end; column++)
                {
                    dx[to + column] += dy[row * width + column];
                }
            }
        }
    }
}
