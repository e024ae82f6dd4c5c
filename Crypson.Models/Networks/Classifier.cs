using Crypson.Nn;

namespace Crypson.Models;

/// <summary>
/// Reads a letter from a latent: a frozen copy of the VAE's decoder, then two linear layers. Only those are trained.
/// </summary>
public sealed class Classifier : Module
{
    private readonly Sequential features;
    private readonly int frozenLayers;
    private readonly bool frozenStatistics;

    /// <param name="classes">Number of letters.</param>
    /// <param name="random">Draws the starting values, and dropout's zeros.</param>
    /// <param name="hidden">Channels of the VAE's stages; 32, 64, 128, 256 unless given.</param>
    /// <param name="latent">Numbers per image.</param>
    /// <param name="wide">Width of the hidden linear layer.</param>
    /// <param name="dropout">Probability of a 0 after the hidden layer.</param>
    /// <param name="frozenStatistics">
    /// Keeps the decoder's batch norms in evaluation mode while training. False is what the published code does.
    /// </param>
    /// <param name="imageSide">Width and height of the images.</param>
    public Classifier(
        int classes, Philox random, IReadOnlyList<int>? hidden = null, int latent = 8, int wide = 512, float dropout = 0.2f,
        bool frozenStatistics = true, int imageSide = 32)
    {
        this.frozenStatistics = frozenStatistics;
        (Classes, Wide) = (classes, wide);
        features = AddChild("features", new Sequential([.. Decoder.Layers(hidden ?? [32, 64, 128, 256], latent, imageSide, random)]));
        features.RequireGrad(false);
        frozenLayers = features.Layers.Count;
        features.Add(new Flatten());
        features.Add(new Linear(imageSide * imageSide, wide, random));
        features.Add(Activation.Relu());
        features.Add(new Dropout(dropout, random));
        features.Add(new Linear(wide, classes, random));
        Train();
    }

    /// <summary>Number of letters.</summary>
    public int Classes { get; }

    /// <summary>Width of the hidden linear layer.</summary>
    public int Wide { get; }

    /// <summary>The parameters that are trained: those of the two linear layers.</summary>
    public IEnumerable<(string Name, Tensor Value)> TrainedParameters() => NamedParameters().Where(parameter => parameter.Value.RequiresGrad);

    /// <summary>Copies the decoder whose features are read.</summary>
    public void CopyDecoder(Vae vae)
    {
        using var noGrad = Tensor.NoGrad();
        var own = State().ToDictionary(state => state.Name, state => state.Value);
        foreach (var (name, value) in vae.Decoder.State())
        {
            own["features" + name["decoder".Length..]].CopyFrom(value);
        }
    }

    public override void Train(bool training = true)
    {
        base.Train(training);
        if (frozenStatistics)
        {
            foreach (var layer in features.Layers.Take(frozenLayers))
            {
                layer.Eval();
            }
        }
    }

    /// <summary>Logits [n, classes] from latents [n, latent].</summary>
    public Tensor Forward(Tensor latents) => features.Forward(latents);
}
