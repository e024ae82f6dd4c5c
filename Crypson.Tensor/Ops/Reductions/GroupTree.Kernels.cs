using Crypson.Kernels;

namespace Crypson;

/// <summary>Sums over the work-items of a group on GPUs.</summary>
internal static class GroupTree
{
    /// <summary>Work-items of a group; a power of two.</summary>
    public const int Size = 128;

    /// <summary>
    /// The sum of one value of each work-item, told to all of them: in shared memory the second half is added to the first,
    /// then the second quarter, and so on. The order is fixed. Every work-item of the group must come here.
    /// </summary>
    /// <param name="shared">Size floats of shared memory.</param>
    public static float Sum(ArrayView<float> shared, float value)
    {
        shared[Group.IdxX] = value;
        Group.Barrier();
        for (var half = Size / 2; half > 0; half /= 2)
        {
            if (Group.IdxX < half)
            {
                shared[Group.IdxX] += shared[Group.IdxX + half];
            }

            Group.Barrier();
        }

        var sum = shared[0];

        // The memory may be written again only when all have read.
        Group.Barrier();
        return sum;
    }
}
