using System.Numerics;

namespace Crypson;

/// <summary>[Batch, Channels, Run] and how the channels are shared out: a group's piece of an image is a few cache lines at least.</summary>
internal readonly record struct BatchNormLayout(int Batch, int Channels, int Run)
{
    private const int LeastPiece = 64;

    // Vectors that are added up as floats before they join a sum in double precision.
    private const int ShortSum = 64;

    public int PerChannel => Batch * Run;

    public int ChannelsPerGroup => Math.Clamp(LeastPiece / Math.Max(Run, 1), 1, LeastPiece);

    public int Groups => (Channels + ChannelsPerGroup - 1) / ChannelsPerGroup;

    /// <summary>Where a sum of whole vectors of a run stops that starts at i.</summary>
    public int StopOfShortSum(int i) =>
        i + (Math.Min(ShortSum, (Run - i) / Vector<float>.Count) * Vector<float>.Count);

    public long Start(int image, int channel) => (((long)image * Channels) + channel) * Run;
}
