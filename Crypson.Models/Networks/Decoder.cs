using Crypson.Nn;

namespace Crypson.Models;

/// <summary>The VAE's second half: a latent to an image.</summary>
public sealed class Decoder : Module
{
    private readonly Sequential decoder;

    internal Decoder(IReadOnlyList<int> hidden, int latent, int imageSide, Philox random) =>
        decoder = AddChild("decoder", new Sequential([.. Layers(hidden, latent, imageSide, random)]));

    /// <summary>Images [n, 1, 32, 32] in [0, 1] from latents [n, latent].</summary>
    public Tensor Forward(Tensor latents) => decoder.Forward(latents);

    /// <summary>The layers, which the classifier has a copy of.</summary>
    internal static IEnumerable<Layer> Layers(IReadOnlyList<int> hidden, int latent, int imageSide, Philox random)
    {
        var side = imageSide >> hidden.Count;
        var previous = hidden[^1];
        yield return new Linear(latent, previous * side * side, random);
        yield return Activation.Relu();
        yield return new Unflatten([previous, side, side]);
        foreach (var channels in hidden.Reverse().Skip(1).Append(1))
        {
            yield return new ConvTranspose2d(previous, channels, 3, random, 2, 1, 1);
            yield return new BatchNorm2d(channels);
            yield return Activation.Relu();
            previous = channels;
        }

        yield return new Conv2d(1, 1, 3, random, padding: 1);
        yield return Activation.Sigmoid();
    }
}
