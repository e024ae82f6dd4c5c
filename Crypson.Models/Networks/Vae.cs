using Crypson.Nn;

namespace Crypson.Models;

/// <summary>Variational autoencoder (Kingma, Welling 2014): a 32×32 image to 8 numbers and back.</summary>
public sealed class Vae : Module
{
    /// <param name="random">Draws the starting values.</param>
    /// <param name="hidden">Channels of the encoder's stages; 32, 64, 128, 256 unless given.</param>
    /// <param name="latent">Numbers per image.</param>
    /// <param name="imageSide">Width and height of the images; a multiple of 2 to the number of stages.</param>
    public Vae(Philox random, IReadOnlyList<int>? hidden = null, int latent = 8, int imageSide = 32)
    {
        Hidden = hidden ?? [32, 64, 128, 256];
        Latent = latent;
        Encoder = AddChild("encode", new Encoder(Hidden, latent, imageSide, random));
        Decoder = AddChild("decode", new Decoder(Hidden, latent, imageSide, random));
    }

    /// <summary>Channels of the encoder's stages.</summary>
    public IReadOnlyList<int> Hidden { get; }

    /// <summary>Numbers per image.</summary>
    public int Latent { get; }

    /// <summary>Image to latent.</summary>
    public Encoder Encoder { get; }

    /// <summary>Latent to image.</summary>
    public Decoder Decoder { get; }

    /// <summary>Reconstruction, mean and log variance; the latent is mean + noise · e^(log variance / 2).</summary>
    /// <param name="images">[n, 1, 32, 32] in [0, 1].</param>
    /// <param name="noise">[n, latent] from the standard normal distribution.</param>
    public (Tensor Reconstruction, Tensor Mean, Tensor LogVariance) Forward(Tensor images, Tensor noise)
    {
        var (mean, logVariance) = Encoder.Forward(images);
        var latent = mean + (noise * (logVariance * 0.5f).Exp());
        return (Decoder.Forward(latent), mean, logVariance);
    }

    /// <summary>
    /// (1 - klWeight) · binary cross-entropy summed over the batch + klWeight · Kullback-Leibler divergence summed.
    /// </summary>
    public static (Tensor Loss, Tensor Reconstruction, Tensor Kl) Loss(
        Tensor reconstruction, Tensor images, Tensor mean, Tensor logVariance, float klWeight)
    {
        var reconstructionLoss = reconstruction.BinaryCrossEntropy(images, LossReduction.Sum);
        var kl = Tensor.KlStandardNormal(mean, logVariance);
        return ((reconstructionLoss * (1 - klWeight)) + (kl * klWeight), reconstructionLoss, kl);
    }
}
