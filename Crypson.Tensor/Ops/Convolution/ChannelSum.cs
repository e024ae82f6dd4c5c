namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>The sum of each channel of [n, channels, ...], the gradient of a bias: [channels].</summary>
    internal Tensor SumChannels()
    {
        if (Device is not CpuDevice)
        {
            return Reshape([Shape[0], Shape[1], Shape.Product(2, Rank)]).Sum([0, 2]);
        }

        var layout = new BatchNormLayout(Shape[0], Shape[1], Shape.Product(2, Rank));
        var y = Empty([layout.Channels], Device);

        // A double per part of the batch and channel.
        using var sums = Empty([layout.BatchParts, layout.Channels, 2], Device);
        Device.Launch(new PartKernel(Storage, sums.Storage, layout), layout.Groups);
        Device.Launch(new JoinKernel(sums.Storage, y.Storage, layout), 1);
        return y;
    }

    private readonly unsafe struct PartKernel(Storage x, Storage sums, BatchNormLayout layout) : IKernel
    {
        public void Execute(int group)
        {
            var (part, firstImage, lastImage, firstChannel, lastChannel) = layout.Part(group);
            var images = x.Floats;
            var target = (double*)sums.Address + ((long)part * layout.Channels);
            new Span<double>(target + firstChannel, lastChannel - firstChannel).Clear();
            for (var image = firstImage; image < lastImage; image++)
            {
                for (var channel = firstChannel; channel < lastChannel; channel++)
                {
                    target[channel] += Reduction.SumRun(images + layout.Start(image, channel), layout.Run);
                }
            }
        }
    }

    private readonly unsafe struct JoinKernel(Storage sums, Storage y, BatchNormLayout layout) : IKernel
    {
        public void Execute(int group)
        {
            for (var channel = 0; channel < layout.Channels; channel++)
            {
                var sum = 0.0;
                for (var part = 0; part < layout.BatchParts; part++)
                {
                    sum += ((double*)sums.Address)[((long)part * layout.Channels) + channel];
                }

                y.Floats[channel] = (float)sum;
            }
        }
    }
}
