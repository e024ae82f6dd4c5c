using Crypson.Kernels;

namespace Crypson;

/// <summary>
/// Sums on devices. The order is fixed by the shape, and each addition's rounding is carried on to the next (Kahan 1965), so
/// the error does not grow with the length.
/// </summary>
internal static partial class ReductionKernels
{
    /// <summary>Work-items that share one sum.</summary>
    public const int Lanes = 64;

    /// <summary>One sum per work-item.</summary>
    [Kernel]
    internal static void SumEach(Index1D i, BroadcastAxes kept, BroadcastAxes summed, int count, ArrayView<float> x, ArrayView<float> y) =>
        y[i] = Sum(x.SubView(kept.Find(i).A), summed, 0, 1, count);

    /// <summary>One sum per group: every lane adds up each 64th element, then a tree joins the lanes.</summary>
    [Kernel]
    internal static void SumGroup(BroadcastAxes kept, BroadcastAxes summed, int count, ArrayView<float> x, ArrayView<float> y)
    {
        var partial = SharedMemory.Allocate<float>(Lanes);
        var lane = Group.IdxX;
        partial[lane] = Sum(x.SubView(kept.Find(Grid.IdxX).A), summed, lane, Lanes, count);
        Group.Barrier();
        for (var step = Lanes / 2; step > 0; step /= 2)
        {
            if (lane < step)
            {
                partial[lane] += partial[lane + step];
            }

            Group.Barrier();
        }

        if (lane == 0)
        {
            y[Grid.IdxX] = partial[0];
        }
    }

    private static float Sum(ArrayView<float> x, BroadcastAxes axes, int first, int step, int count)
    {
        var (sum, lost) = (0f, 0f);
        for (var i = first; i < count; i += step)
        {
            var value = x[axes.Find(i).A];
            var corrected = value - lost;
            var next = sum + corrected;

            // An infinity stays one: its difference to itself would be NaN.
            lost = float.IsFinite(next) ? next - sum - corrected : 0f;
            sum = next;
        }

        return sum;
    }
}
