namespace Crypson;

/// <summary>dWeight = sum of dy xhat and dBias = sum of dy from the sums over the parts of the batch.</summary>
internal readonly unsafe struct BatchNormGradientMomentsKernel(
    Storage sums, Storage inverse, Storage dWeight, Storage dBias, BatchNormLayout layout) : IKernel
{
    public void Execute(int group)
    {
        var (first, last) = layout.JoinedChannels(group);
        for (var channel = first; channel < last; channel++)
        {
            var (slopes, products) = (0.0, 0.0);
            for (var part = 0; part < layout.BatchParts; part++)
            {
                var own = (double*)sums.Address + ((((long)part * layout.Channels) + channel) * 2);
                (slopes, products) = (slopes + own[0], products + own[1]);
            }

            dBias.Floats[channel] = (float)slopes;
            dWeight.Floats[channel] = (float)(products * inverse.Floats[channel]);
        }
    }
}
