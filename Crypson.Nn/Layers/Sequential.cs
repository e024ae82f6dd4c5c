namespace Crypson.Nn;

/// <summary>
/// Layers one after another, named by their position. A batch norm and the ReLU after it are one pass over memory; first
/// layers that need no gradient and work as in evaluation are one plan (see <see cref="FusedPrefix"/>).
/// </summary>
public sealed class Sequential : Layer
{
    private readonly List<Layer> layers = [];
    private readonly FusedPrefix prefix;

    public Sequential(params ReadOnlySpan<Layer> layers)
    {
        prefix = new FusedPrefix(this.layers);
        foreach (var layer in layers)
        {
            Add(layer);
        }
    }

    /// <summary>The layers in order.</summary>
    public IReadOnlyList<Layer> Layers => layers;

    /// <summary>Appends a layer.</summary>
    public void Add(Layer layer) => layers.Add(AddChild($"{layers.Count}", layer));

    public override Tensor Forward(Tensor x)
    {
        (var first, x) = prefix.Forward(x);
        for (var i = first; i < layers.Count; i++)
        {
            if (layers[i] is BatchNorm2d norm && i + 1 < layers.Count && layers[i + 1] is Activation { IsRelu: true })
            {
                x = norm.ForwardRelu(x);
                i++;
            }
            else
            {
                x = layers[i].Forward(x);
            }
        }

        return x;
    }
}
