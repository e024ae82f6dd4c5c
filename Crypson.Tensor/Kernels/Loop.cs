namespace Crypson.Kernels;

/// <summary>Advice for the loop that follows; it changes no result.</summary>
public static class Loop
{
    /// <summary>Unroll the next loop completely.</summary>
    public static void Unroll()
    {
    }

    /// <summary>Unroll the next loop <paramref name="times"/> times; a constant.</summary>
    public static void Unroll(int times)
    {
    }
}
