namespace Crypson;

/// <summary>
/// How much of a run of neighbouring elements one work-item takes. On a GPU one: neighbours then read neighbouring
/// memory together. A CPU runs work-items one after another in a loop, so there each takes a long piece, which the
/// compiler turns into vectors.
/// </summary>
internal static class Pieces
{
    /// <summary>Elements that a work-item of a CPU adds up side by side.</summary>
    public const int Lanes = 16;

    /// <summary>The most floats that are added up before they join a compensated sum.</summary>
    public const int ShortSum = 32;

    private const int Longest = 4096;

    /// <summary>Whether work-items are iterations of a loop.</summary>
    public static bool AreLong(Device device) => device.VectorWidth > 0;

    /// <summary>Elements per work-item of a run of <paramref name="run"/>.</summary>
    public static int Length(Device device, int run) => AreLong(device) ? Math.Clamp(run, 1, Longest) : 1;

    /// <summary>Into how many parts a reduction of <paramref name="length"/> elements is cut, when there are <paramref name="results"/> of them.</summary>
    public static int Parts(Device device, int results, int length)
    {
        var (items, least) = AreLong(device) ? (64, 2048) : (16384, 32);
        return Math.Clamp(items / Math.Max(1, results), 1, Math.Max(1, length / least));
    }

    /// <summary>The same where a group of a GPU takes each part; nothing is cut to less than eight elements per work-item.</summary>
    public static int GroupParts(int results, int length) => Math.Clamp(1024 / Math.Max(1, results), 1, Math.Max(1, length / (8 * GroupTree.Size)));

    public static int Divide(int count, int size) => (count + size - 1) / size;
}
