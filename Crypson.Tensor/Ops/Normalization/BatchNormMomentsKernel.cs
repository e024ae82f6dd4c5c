namespace Crypson;

/// <summary>
/// Mean and 1 / √(variance + eps) of each channel from the sums over the parts of the batch (Chan, Golub, LeVeque 1983),
/// which also move the running statistics; or, outside of training, from those.
/// </summary>
internal readonly unsafe struct BatchNormMomentsKernel(
    Storage sums, Storage runningMean, Storage runningVariance, Storage mean, Storage inverse, BatchNormLayout layout, bool training,
    float momentum, float eps) : IKernel
{
    public void Execute(int group)
    {
        var (first, last) = layout.JoinedChannels(group);
        for (var channel = first; channel < last; channel++)
        {
            double variance = runningVariance.Floats[channel];
            mean.Floats[channel] = runningMean.Floats[channel];
            if (training)
            {
                var (average, squares) = Join(channel);
                variance = squares / layout.PerChannel;
                mean.Floats[channel] = (float)average;
                Blend(ref runningMean.Floats[channel], average);
                Blend(ref runningVariance.Floats[channel], squares / (layout.PerChannel - 1));
            }

            inverse.Floats[channel] = (float)(1 / Math.Sqrt(variance + eps));
        }
    }

    private (double Mean, double Squares) Join(int channel)
    {
        var (sum, squares) = (0.0, 0.0);
        for (var part = 0; part < layout.BatchParts; part++)
        {
            sum += At(part, channel)[0];
        }

        var average = sum / layout.PerChannel;
        for (var part = 0; part < layout.BatchParts; part++)
        {
            // The part's deviations are from its own mean, rounded to a float.
            var count = (layout.FirstImage(part + 1) - layout.FirstImage(part)) * (double)layout.Run;
            var own = At(part, channel)[0] / count;
            var center = (double)(float)own;
            squares += At(part, channel)[1] - (count * (own - center) * (own - center)) + (count * (own - average) * (own - average));
        }

        return (average, squares);
    }

    private double* At(int part, int channel) => (double*)sums.Address + ((((long)part * layout.Channels) + channel) * 2);

    private void Blend(ref float running, double batch) => running = (float)(((1 - (double)momentum) * running) + (momentum * batch));
}
