namespace Crypson;

/// <summary>
/// How the values [Batch, Channels, Run] are shared out among work-items of a device: images go to ImageParts, long runs to
/// RunParts pieces of RunLength, and the elements of a piece in turn to Lanes. Neighbouring lanes and channels are
/// neighbours in memory. Partial results lie at [part · Lanes + lane, channel].
/// </summary>
internal struct BatchNormSplit
{
    public int Batch;
    public int Channels;
    public int Run;
    public int ImageParts;
    public int RunParts;
    public int RunLength;
    public int Lanes;

    public static BatchNormSplit Of(BatchNormLayout layout, Device device, BatchNormVariant variant)
    {
        const int LongestRun = 4096;
        var isLong = Pieces.AreLong(device);
        var runParts = variant == BatchNormVariant.Naive ? 1 : Math.Max(1, Pieces.Divide(layout.Run, LongestRun));
        var lanes = variant == BatchNormVariant.Lanes && !isLong ? Math.Clamp(layout.Run, 1, 32) : 1;

        // On a GPU so many parts that every core has work, but none of less than four images.
        var wanted = variant switch
        {
            BatchNormVariant.Naive => 1,
            BatchNormVariant.Groups => Pieces.GroupParts(layout.Channels * runParts, layout.PerChannel),
            _ when isLong => 8,
            _ => Pieces.Divide(65536, Math.Max(1, layout.Channels * lanes * runParts)),
        };
        return new BatchNormSplit
        {
            Batch = layout.Batch,
            Channels = layout.Channels,
            Run = layout.Run,
            ImageParts = Math.Clamp(wanted, 1, Math.Max(1, layout.Batch / 4)),
            RunParts = runParts,
            RunLength = Math.Max(1, Pieces.Divide(layout.Run, runParts)),
            Lanes = lanes,
        };
    }

    /// <summary>Parts of a channel, lanes not counted.</summary>
    public readonly int Parts => ImageParts * RunParts;

    /// <summary>Partial results of a channel.</summary>
    public readonly int Partials => Parts * Lanes;

    /// <summary>The images of a part, and the piece of their runs.</summary>
    public readonly (int FirstImage, int LastImage, int Begin, int End) Part(int part)
    {
        var images = part / RunParts;
        var begin = part % RunParts * RunLength;
        return (
            (int)((long)images * Batch / ImageParts), (int)((images + 1L) * Batch / ImageParts), Math.Min(Run, begin), Math.Min(Run, begin + RunLength));
    }

    /// <summary>The number of values behind partial result number <paramref name="partial"/> of a channel.</summary>
    public readonly int CountOf(int partial)
    {
        var (first, last, begin, end) = Part(partial / Lanes);
        var left = end - begin - partial % Lanes;
        return left <= 0 ? 0 : (last - first) * ((left + Lanes - 1) / Lanes);
    }

    /// <summary>Where a channel of an image starts.</summary>
    public readonly int Start(int image, int channel) => (image * Channels + channel) * Run;
}
