using System.Numerics;

namespace Crypson;

/// <summary>
/// [Batch, Channels, Run] and how it is shared out: parts of the batch, so that a core finds in its cache what it wrote in
/// the operation before, and parts of the channels where the batch is small. Sums are over a part first.
/// </summary>
internal readonly record struct BatchNormLayout(int Batch, int Channels, int Run)
{
    private const int Parts = 16;

    // Channels whose sums over the parts a group joins.
    private const int ChannelsPerGroup = 32;

    // Vectors that are added up as floats before they join a sum in double precision.
    private const int ShortSum = 64;

    public int PerChannel => Batch * Run;

    public int BatchParts => Math.Clamp(Batch, 1, Parts);

    public int Groups => BatchParts * ChannelParts;

    /// <summary>Groups that join the sums over the parts.</summary>
    public int ChannelGroups => (Channels + ChannelsPerGroup - 1) / ChannelsPerGroup;

    private int ChannelParts => Math.Clamp(Parts / BatchParts, 1, Math.Max(Channels, 1));

    /// <summary>The images and channels of a group.</summary>
    public (int BatchPart, int FirstImage, int LastImage, int FirstChannel, int LastChannel) Part(int group)
    {
        var (part, channels) = (group / ChannelParts, group % ChannelParts);
        return (part, FirstImage(part), FirstImage(part + 1), (int)((long)channels * Channels / ChannelParts), (int)((channels + 1L) * Channels / ChannelParts));
    }

    /// <summary>The channels whose sums a group joins.</summary>
    public (int First, int Last) JoinedChannels(int group) =>
        (group * ChannelsPerGroup, Math.Min(Channels, (group + 1) * ChannelsPerGroup));

    /// <summary>The first image of a part of the batch.</summary>
    public int FirstImage(int part) => (int)((long)part * Batch / BatchParts);

    /// <summary>Where a sum of whole vectors of a run stops that starts at i.</summary>
    public int StopOfShortSum(int i) =>
        i + (Math.Min(ShortSum, (Run - i) / Vector<float>.Count) * Vector<float>.Count);

    public long Start(int image, int channel) => (((long)image * Channels) + channel) * Run;
}
