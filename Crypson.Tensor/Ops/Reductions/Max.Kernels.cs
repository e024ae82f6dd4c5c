using Crypson.Kernels;

namespace Crypson;

/// <summary>Largest values along an axis on devices, in parts where there are few results.</summary>
internal static partial class MaxKernels
{
    /// <summary>The first largest value of a part and where it is, one part per work-item: [outer, Parts, Inner].</summary>
    [Kernel]
    internal static void MaxPart(Index1D i, AxisCut cut, ArrayView<float> x, ArrayView<float> values, ArrayView<int> positions)
    {
        var part = i / cut.Inner % cut.Parts;
        var start = i / cut.Inner / cut.Parts * cut.Length * cut.Inner + i % cut.Inner;
        var position = part * cut.Start;
        var best = x[start + position * cut.Inner];
        var at = position + cut.Step;
        for (var j = 1; j < cut.Count && at < cut.Length; j++)
        {
            var value = x[start + at * cut.Inner];
            if (value > best || (float.IsNaN(value) && !float.IsNaN(best)))
            {
                best = value;
                position = at;
            }

            at += cut.Step;
        }

        values[i] = best;
        positions[i] = position;
    }

    /// <summary>The largest of the parts; the first in the axis where several are equal.</summary>
    [Kernel]
    internal static void MaxJoin(
        Index1D i, int parts, int inner, ArrayView<float> partValues, ArrayView<int> partPositions, ArrayView<float> values, ArrayView<int> positions)
    {
        var at = i / inner * parts * inner + i % inner;
        var best = partValues[at];
        var position = partPositions[at];
        for (var part = 1; part < parts; part++)
        {
            at += inner;
            var value = partValues[at];
            var isEqual = value == best || (float.IsNaN(value) && float.IsNaN(best));
            if (value > best || (float.IsNaN(value) && !float.IsNaN(best)) || (isEqual && partPositions[at] < position))
            {
                best = value;
                position = partPositions[at];
            }
        }

        values[i] = best;
        positions[i] = position;
    }
}
