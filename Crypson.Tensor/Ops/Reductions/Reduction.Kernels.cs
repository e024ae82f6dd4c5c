using Crypson.Kernels;

namespace Crypson;

/// <summary>
/// Sums along the middle axis of x [outer, Length, Inner] on devices, in parts: [outer, Parts, Inner]. The order is fixed by
/// the shape.
/// </summary>
internal static partial class ReductionKernels
{
    /// <summary>One part per work-item.</summary>
    [Kernel]
    internal static void SumPart(Index1D i, AxisCut cut, ArrayView<float> x, ArrayView<float> y)
    {
        var part = i / cut.Inner % cut.Parts;
        var start = i / cut.Inner / cut.Parts * cut.Length * cut.Inner + i % cut.Inner;
        var at = part * cut.Start;
        var (sum, lost) = (0f, 0f);
        for (var j = 0; j < cut.Count && at < cut.Length; j++)
        {
            Compensated.Add(ref sum, ref lost, x[start + at * cut.Inner]);
            at += cut.Step;
        }

        y[i] = sum;
    }

    /// <summary>The same where Inner and Step are 1, for a GPU: a group per part, in a tree.</summary>
    [Kernel]
    internal static void SumGroup(AxisCut cut, ArrayView<float> x, ArrayView<float> y)
    {
        var shared = SharedMemory.Allocate<float>(GroupTree.Size);
        var begin = Grid.IdxX % cut.Parts * cut.Start;
        var run = x.SubView(Grid.IdxX / cut.Parts * cut.Length + begin);
        var count = Math.Min(cut.Count, cut.Length - begin);
        var (sum, lost) = (0f, 0f);
        for (var j = Group.IdxX; j < count; j += GroupTree.Size)
        {
            Compensated.Add(ref sum, ref lost, run[j]);
        }

        var total = GroupTree.Sum(shared, sum);
        if (Group.IdxX == 0)
        {
            y[Grid.IdxX] = total;
        }
    }

    /// <summary>
    /// The same where Inner and Step are 1, for a CPU: lanes are added up side by side in short sums, which join a compensated one.
    /// </summary>
    [Kernel(Targets = KernelTargets.OpenCl)]
    internal static void SumRun(Index1D i, AxisCut cut, ArrayView<float> x, ArrayView<float> y)
    {
        var begin = i % cut.Parts * cut.Start;
        var run = x.SubView(i / cut.Parts * cut.Length + begin);
        var count = Math.Min(cut.Count, cut.Length - begin);
        var sums = LocalMemory.Allocate<float>(Pieces.Lanes);
        var (sum, lost) = (0f, 0f);
        var j = 0;
        while (j + Pieces.Lanes <= count)
        {
            for (var lane = 0; lane < Pieces.Lanes; lane++)
            {
                sums[lane] = 0f;
            }

            var stop = Math.Min(count - Pieces.Lanes, j + Pieces.ShortSum * Pieces.Lanes - 1);
            for (; j <= stop; j += Pieces.Lanes)
            {
                for (var lane = 0; lane < Pieces.Lanes; lane++)
                {
                    sums[lane] += run[j + lane];
                }
            }

            var joined = 0f;
            for (var lane = 0; lane < Pieces.Lanes; lane++)
            {
                joined += sums[lane];
            }

            Compensated.Add(ref sum, ref lost, joined);
        }

        for (; j < count; j++)
        {
            Compensated.Add(ref sum, ref lost, run[j]);
        }

        y[i] = sum;
    }

    /// <summary>The same as <see cref="SumPart"/> for Lanes neighbours on the inner axis, whose size they divide; for a CPU.</summary>
    [Kernel(Targets = KernelTargets.OpenCl)]
    internal static void SumColumns(Index1D i, AxisCut cut, ArrayView<float> x, ArrayView<float> y)
    {
        var pieces = cut.Inner / Pieces.Lanes;
        var column = i % pieces * Pieces.Lanes;
        var part = i / pieces % cut.Parts;
        var outer = i / pieces / cut.Parts;
        var sums = LocalMemory.Allocate<float>(Pieces.Lanes);
        var totals = LocalMemory.Allocate<float>(Pieces.Lanes);
        var losses = LocalMemory.Allocate<float>(Pieces.Lanes);
        for (var lane = 0; lane < Pieces.Lanes; lane++)
        {
            totals[lane] = 0f;
            losses[lane] = 0f;
        }

        var end = Math.Min(cut.Length, part * cut.Start + cut.Count);
        for (var row = part * cut.Start; row < end; row += Pieces.ShortSum)
        {
            for (var lane = 0; lane < Pieces.Lanes; lane++)
            {
                sums[lane] = 0f;
            }

            for (var r = row; r < Math.Min(end, row + Pieces.ShortSum); r++)
            {
                var from = x.SubView((outer * cut.Length + r) * cut.Inner + column);
                for (var lane = 0; lane < Pieces.Lanes; lane++)
                {
                    sums[lane] += from[lane];
                }
            }

            for (var lane = 0; lane < Pieces.Lanes; lane++)
            {
                Compensated.Add(ref totals[lane], ref losses[lane], sums[lane]);
            }
        }

        var to = y.SubView((outer * cut.Parts + part) * cut.Inner + column);
        for (var lane = 0; lane < Pieces.Lanes; lane++)
        {
            to[lane] = totals[lane];
        }
    }
}
