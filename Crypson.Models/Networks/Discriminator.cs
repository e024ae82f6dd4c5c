using Crypson.Nn;

namespace Crypson.Models;

/// <summary>Tells real letters from drawn ones: the probability that an image of a class is real.</summary>
public sealed class Discriminator : Module
{
    private readonly Embedding labelEmbedding;
    private readonly Sequential model;
    private readonly int pixels;

    /// <param name="classes">Number of letters.</param>
    /// <param name="random">Draws the starting values.</param>
    /// <param name="hidden">Widths of the hidden layers; 2048, 2048, 1024, 512 unless given.</param>
    /// <param name="imageSide">Width and height of the images.</param>
    public Discriminator(int classes, Philox random, IReadOnlyList<int>? hidden = null, int imageSide = 32)
    {
        Hidden = hidden ?? [2048, 2048, 1024, 512];
        pixels = imageSide * imageSide;
        labelEmbedding = AddChild("label_emb", new Embedding(classes, pixels, random));
        model = AddChild("model", new Sequential());
        var previous = 2 * pixels;
        foreach (var width in Hidden)
        {
            model.Add(new Linear(previous, width, random));
            model.Add(Activation.LeakyRelu(0.2f));
            previous = width;
        }

        model.Add(new Linear(previous, 1, random));
        model.Add(Activation.Sigmoid());
    }

    /// <summary>Widths of the hidden layers.</summary>
    public IReadOnlyList<int> Hidden { get; }

    /// <summary>Probabilities [n, 1] from images [n, 1, 32, 32] in [-1, 1] and classes [n].</summary>
    public Tensor Forward(Tensor images, IndexTensor labels) =>
        model.Forward(Tensor.Concat([images.Reshape([images.Shape[0], pixels]), labelEmbedding.Forward(labels)], 1));
}
