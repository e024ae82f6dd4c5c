using Crypson.Nn;

namespace Crypson.Models;

/// <summary>The VAE's first half: an image to the mean and the log variance of its latent.</summary>
public sealed class Encoder : Module
{
    private readonly Sequential encoder;
    private readonly Linear meanHead;
    private readonly Linear logVarianceHead;

    internal Encoder(IReadOnlyList<int> hidden, int latent, int imageSide, Philox random)
    {
        encoder = AddChild("encoder", new Sequential());
        var previous = 1;
        foreach (var channels in hidden)
        {
            encoder.Add(new Conv2d(previous, channels, 3, random, 2, 1));
            encoder.Add(new BatchNorm2d(channels));
            encoder.Add(Activation.Relu());
            previous = channels;
        }

        var side = imageSide >> hidden.Count;
        meanHead = AddChild("fc_mu", new Linear(previous * side * side, latent, random));
        logVarianceHead = AddChild("fc_log_var", new Linear(previous * side * side, latent, random));
    }

    /// <summary>Mean and log variance, both [n, latent], from images [n, 1, 32, 32] in [0, 1].</summary>
    public (Tensor Mean, Tensor LogVariance) Forward(Tensor images)
    {
        var features = encoder.Forward(images).Flatten();
        return (meanHead.Forward(features), logVarianceHead.Forward(features));
    }
}
