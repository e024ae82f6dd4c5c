namespace Crypson.Kernels;

/// <summary>What the work-items of a group share while a kernel runs as plain C#: memory and a barrier.</summary>
internal sealed class GroupOfLanes(int lanes) : IDisposable
{
    private readonly List<nint> shared = [];
    private readonly Barrier barrier = new(lanes);

    /// <summary>A slot per lane for values that lanes of a warp exchange.</summary>
    public long[] Slots { get; } = new long[lanes];

    public void Barrier() => barrier.SignalAndWait();

    /// <summary>A lane has returned; the others no longer wait for it.</summary>
    public void Leave() => barrier.RemoveParticipant();

    public nint Shared(int number, long bytes)
    {
        lock (shared)
        {
            while (shared.Count <= number)
            {
                shared.Add(Lane.Block(bytes));
            }

            return shared[number];
        }
    }

    public void Dispose()
    {
        foreach (var block in shared)
        {
            Lane.FreeBlock(block);
        }

        barrier.Dispose();
    }
}
