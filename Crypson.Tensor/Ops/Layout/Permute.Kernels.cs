using Crypson.Kernels;

namespace Crypson;

/// <summary>Permuted copies on devices.</summary>
internal static partial class PermuteKernels
{
    /// <summary>Element i of the result comes from where its position, in the result's axes, lies in x.</summary>
    [Kernel]
    internal static void Permute(Index1D i, BroadcastAxes axes, ArrayView<float> x, ArrayView<float> y) => y[i] = x[axes.Find(i).A];
}
