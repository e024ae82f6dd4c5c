using Crypson.Nn;

namespace Crypson.Models;

/// <summary>
/// Draws letters: a random vector, multiplied by the letter's embedding, grows through transposed convolutions to a
/// 32×32 image in [-1, 1] (conditional GAN, Mirza, Osindero 2014; DCGAN layers, Radford et al. 2016).
/// </summary>
public sealed class Generator : Module
{
    private readonly Embedding labelEmbedding;
    private readonly Sequential model;

    /// <param name="classes">Number of letters.</param>
    /// <param name="random">Draws the starting values.</param>
    /// <param name="noiseLength">Length of the random vector.</param>
    /// <param name="channels">Channels of the 4×4, 8×8 and 16×16 stages; 512, 256, 128 unless given.</param>
    public Generator(int classes, Philox random, int noiseLength = 64, IReadOnlyList<int>? channels = null)
    {
        Channels = channels ?? [512, 256, 128];
        if (Channels.Count != 3)
        {
            throw new ArgumentException($"generator: three channel counts are needed for 32x32 images, not {Channels.Count}");
        }

        (Classes, NoiseLength) = (classes, noiseLength);
        labelEmbedding = AddChild("label_emb", new Embedding(classes, noiseLength, random));
        model = AddChild("model", new Sequential());
        var previous = noiseLength;
        foreach (var count in Channels)
        {
            var first = previous == noiseLength && model.Layers.Count == 0;
            model.Add(new ConvTranspose2d(previous, count, 4, random, first ? 1 : 2, first ? 0 : 1, bias: false));
            model.Add(new BatchNorm2d(count));
            model.Add(Activation.Relu());
            previous = count;
        }

        model.Add(new ConvTranspose2d(previous, 1, 4, random, 2, 1, bias: false));
        model.Add(Activation.Tanh());
    }

    /// <summary>Number of letters.</summary>
    public int Classes { get; }

    /// <summary>Length of the random vector.</summary>
    public int NoiseLength { get; }

    /// <summary>Channels of the stages.</summary>
    public IReadOnlyList<int> Channels { get; }

    /// <summary>Images [n, 1, 32, 32] in [-1, 1] from noise [n, noise length] and classes [n].</summary>
    public Tensor Forward(Tensor noise, IndexTensor labels)
    {
        if (noise.Shape != [labels.Count, NoiseLength])
        {
            throw new ArgumentException($"generator: noise {noise.Shape} must be [{labels.Count}, {NoiseLength}]");
        }

        return model.Forward((labelEmbedding.Forward(labels) * noise).Reshape([labels.Count, NoiseLength, 1, 1]));
    }
}
